import type { Attributes, Context, Span } from '@opentelemetry/api';

type Api = typeof import('@opentelemetry/api');

/** Where copies of the OpenTelemetry API of one major version meet, once something has been set up there. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');
const SCOPE = '@patchbay/core';
const IN_TOOL_CALL = Symbol('in a tool call of ours');

/** What an operation is: our own, a request to another program, or a tool call, which is told of by whoever makes it. */
type SpanRole = 'internal' | 'client' | 'tool-call';

/** One operation in a trace. Without OpenTelemetry it is nothing, and costs as much. */
export interface Trace {
  /** Begins an operation within this one. */
  begin(name: string, attributes: Attributes, role?: SpanRole): Trace;
  set(attributes: Attributes): void;
  note(event: string, attributes: Attributes): void;
  /** Marks it as failed. `type` is one of few words, as `error.type` has them. */
  fail(type: string, message?: string): void;
  end(): void;
  /** Runs `work` so that what it begins elsewhere, such as the provider's HTTP requests, belongs to this operation. */
  run<T>(work: () => T): T;
  /** What tells another program which operation its request belongs to, such as `traceparent`. */
  fields(): Readonly<Record<string, string>>;
  /** The same for each step of an iteration. */
  within<T>(items: AsyncIterable<T>): AsyncIterable<T>;
}

const NO_TRACE: Trace = {
  begin: () => NO_TRACE,
  set: () => undefined,
  note: () => undefined,
  fail: () => undefined,
  end: () => undefined,
  fields: () => ({}),
  run: (work) => work(),
  within: (items) => items,
};

/** What is being traced where this is called, if the program that we are part of has set up OpenTelemetry. */
export async function currentTrace(): Promise<Trace> {
  const api = await loadApi();
  return api ? new SpanTrace(api, api.context.active()) : NO_TRACE;
}

/**
 * What a request to a tool's server belongs to: the tool call that it is made for, which it adds `attributes` to, else
 * an operation of its own, as OpenTelemetry's conventions for MCP want it.
 */
export async function toolRequestTrace(tool: string, attributes: Attributes): Promise<Trace> {
  const api = await loadApi();
  if (!api) return NO_TRACE;
  const active = api.context.active();
  const outer = new SpanTrace(api, active);
  const known = { 'mcp.method.name': 'tools/call', ...attributes };
  if (active.getValue(IN_TOOL_CALL) !== true) {
    const own = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': tool, ...known };
    return outer.begin(`tools/call ${tool}`, own, 'client');
  }
  outer.set(known);
  return outer;
}

/** Whether anybody listens to traces: else there is nothing to tell. */
export function isTraced(): boolean {
  return REGISTERED in globalThis;
}

/** Nothing is loaded as long as nobody listens; the package may not even be there. */
async function loadApi(): Promise<Api | undefined> {
  if (!isTraced()) return undefined;
  try {
    return await import('@opentelemetry/api');
  } catch {
    return undefined;
  }
}

class SpanTrace implements Trace {
  readonly #api: Api;
  readonly #context: Context;
  /** Absent in the trace of whoever called us, which is theirs to end. */
  readonly #span: Span | undefined;

  constructor(api: Api, context: Context, span?: Span) {
    this.#api = api;
    this.#context = span ? api.trace.setSpan(context, span) : context;
    this.#span = span;
  }

  begin(name: string, attributes: Attributes, role: SpanRole = 'internal'): Trace {
    const { trace, SpanKind } = this.#api;
    const options = { kind: role === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL, attributes };
    const span = trace.getTracer(SCOPE).startSpan(name, options, this.#context);
    return new SpanTrace(this.#api, this.#context.setValue(IN_TOOL_CALL, role === 'tool-call'), span);
  }

  set(attributes: Attributes): void {
    (this.#span ?? this.#api.trace.getSpan(this.#context))?.setAttributes(attributes);
  }

  note(event: string, attributes: Attributes): void {
    this.#span?.addEvent(event, attributes);
  }

  fail(type: string, message?: string): void {
    this.#span?.setAttribute('error.type', type);
    this.#span?.setStatus({
      code: this.#api.SpanStatusCode.ERROR,
      ...(message === undefined ? {} : { message }),
    });
  }

  end(): void {
    this.#span?.end();
  }

  fields(): Readonly<Record<string, string>> {
    const fields: Record<string, string> = {};
    this.#api.propagation.inject(this.#context, fields);
    return fields;
  }

  run<T>(work: () => T): T {
    return this.#api.context.with(this.#context, work);
  }

  async *within<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
    const iterator = this.run(() => items[Symbol.asyncIterator]());
    try {
      for (;;) {
        const { done, value } = await this.run(() => iterator.next());
        if (done === true) return;
        yield value;
      }
    } finally {
      await iterator.return?.();
    }
  }
}
