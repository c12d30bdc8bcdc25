import { errorMessage } from '../errors.ts';
import { isNestedTooDeep, parseJsonObject } from '../json.ts';
import type {
  ResolvedCall,
  ToolCall,
  ToolDefinition,
  ToolOutcome,
  ToolProgress,
  ToolSource,
} from '../tools.ts';
import { textOutcome } from '../tools.ts';
import type { Trace } from '../tracing.ts';
import { uptimeMs } from '../uptime.ts';
import type { ApprovalPolicy } from './approval.ts';
import { traceCall } from './run-trace.ts';
import { invalidArguments } from './validate-arguments.ts';

export interface ToolExecution {
  readonly tools: ReadonlyMap<string, ToolDefinition>;
  readonly source: ToolSource;
  readonly approve: ApprovalPolicy;
}

/** A call of the model, looked up, parsed and approved, or the reason why it is not run. */
export type PreparedCall =
  | {
      readonly kind: 'ready';
      readonly call: ToolCall;
      readonly tool: ToolDefinition;
      readonly args: Readonly<Record<string, unknown>>;
    }
  | RefusedCall;

interface RefusedCall {
  readonly kind: 'refused';
  readonly call: ToolCall;
  readonly tool: ToolDefinition | undefined;
  /** What the call would have been made with, where that could be read. */
  readonly args?: Readonly<Record<string, unknown>>;
  readonly outcome: ToolOutcome;
}

interface SettledCall {
  /** Position of the call in its turn. */
  readonly index: number;
  readonly item: PreparedCall;
  readonly outcome: ToolOutcome;
  /** From the start of the call to its answer, in milliseconds. */
  readonly ms: number;
}

/** Looks up, parses, checks and approves one call. Raw argument text is parsed here and nowhere else. */
export async function prepareCall(
  call: ToolCall,
  execution: ToolExecution,
  signal?: AbortSignal,
): Promise<PreparedCall> {
  const written = parseJsonObject(call.argumentsJson.trim() || '{}');
  const resolved = resolve(call.name, written ?? {}, execution);
  if (!resolved) {
    // The source knows more about a missing tool than the list does: its server may be down.
    const outcome = await execution.source.callTool(call.name, {}, signal);
    return { kind: 'refused', call, tool: undefined, outcome };
  }
  if (!written) {
    const reason = `The arguments of ${call.name} are not a JSON object: ${call.argumentsJson}`;
    return refusedCall(call, reason, execution.tools.get(call.name));
  }
  if (resolved.kind === 'unresolved') return refusedCall(call, resolved.reason);

  const { tool, args } = resolved;
  const problem = await invalidArguments(tool, args);
  if (problem !== undefined) return { ...refusedCall(call, problem, tool), args };
  const decision = await execution.approve(realCall(call, resolved), tool, signal);
  if (decision.allow) return { kind: 'ready', call, tool, args };
  return { ...refusedCall(call, `Not approved: ${decision.reason}`, tool), args };
}

/** What the call reaches, by the source if that has a say in it, else by the list. */
function resolve(
  name: string,
  args: Readonly<Record<string, unknown>>,
  { tools, source }: ToolExecution,
): ResolvedCall | undefined {
  // The list of this turn may be older than a server that has come up since: its tools need approval as any other's.
  const tool = tools.get(name) ?? source.listTools().find((each) => each.name === name);
  return source.resolveCall?.(name, args) ?? (tool && { kind: 'call', tool, args });
}

/** The call as a policy has to judge it. One that goes through another tool is not told by its own name. */
function realCall(call: ToolCall, { tool, args }: Extract<ResolvedCall, { kind: 'call' }>): ToolCall {
  return tool.name === call.name
    ? call
    : { id: call.id, name: tool.name, argumentsJson: JSON.stringify(args) };
}

/** A call that is not run: the model reads the reason as its result. */
export function refusedCall(call: ToolCall, reason: string, tool?: ToolDefinition): RefusedCall {
  return { kind: 'refused', call, tool, outcome: textOutcome(reason, true) };
}

/** What is heard of a call that runs: how far it is, then its outcome. */
export type CallReport =
  | ({ readonly kind: 'settled' } & SettledCall)
  | {
      readonly kind: 'progress';
      readonly index: number;
      readonly item: PreparedCall;
      readonly progress: ToolProgress;
    };

/**
 * Runs prepared calls in parallel and yields each as it settles, and before that how far it is: the latest word of each
 * call, where several have come since the last was taken. Leaving early cancels what still runs.
 */
export async function* runCalls(
  prepared: readonly PreparedCall[],
  { source, trace }: { readonly source: ToolSource; readonly trace: Trace },
  signal?: AbortSignal,
): AsyncGenerator<CallReport> {
  const leave = new AbortController();
  const inner = signal ? AbortSignal.any([signal, leave.signal]) : leave.signal;
  const reports = new Map<number, CallReport>();
  let cut: { readonly reason: unknown } | undefined;
  let news = Promise.withResolvers<void>();
  const report = (each: CallReport): void => {
    reports.set(each.index, each);
    news.resolve();
  };
  const calls = prepared.map(async (item, index) => {
    let isRunning = true;
    const onProgress = (progress: ToolProgress): void => {
      if (isRunning) report({ kind: 'progress', index, item, progress });
    };
    try {
      const settled = await settle({ item, index, source, trace, onProgress }, inner);
      report({ kind: 'settled', ...settled });
    } catch (reason) {
      cut = { reason };
      news.resolve();
    } finally {
      isRunning = false;
    }
  });
  try {
    for (let open = prepared.length; open > 0;) {
      await news.promise;
      if (cut) throw cut.reason;
      news = Promise.withResolvers<void>();
      const heard = [...reports.values()];
      reports.clear();
      open -= heard.filter(({ kind }) => kind === 'settled').length;
      yield* heard;
    }
  } finally {
    leave.abort();
    await Promise.all(calls);
  }
}

interface RunningCall {
  readonly item: PreparedCall;
  readonly index: number;
  readonly source: ToolSource;
  readonly trace: Trace;
  readonly onProgress: (progress: ToolProgress) => void;
}

async function settle(
  { item, index, source, trace, onProgress }: RunningCall,
  signal: AbortSignal,
): Promise<SettledCall> {
  if (item.kind === 'refused') return { index, item, outcome: item.outcome, ms: 0 };
  const startedAt = uptimeMs();
  const elapsed = (): number => Math.round(uptimeMs() - startedAt);
  try {
    const { call, tool, args } = item;
    const outcome = await traceCall(trace, { callId: call.id, tool }, () =>
      source.callTool(tool.name, args, signal, onProgress),
    );
    return { index, item, outcome: writable(outcome), ms: elapsed() };
  } catch (error) {
    signal.throwIfAborted();
    return { index, item, outcome: textOutcome(errorMessage(error), true), ms: elapsed() };
  }
}

/** Data that is nested too deep would keep the conversation from being written down: it goes on without. */
function writable(outcome: ToolOutcome): ToolOutcome {
  return isNestedTooDeep(outcome.structured) ? { ...outcome, structured: undefined } : outcome;
}
