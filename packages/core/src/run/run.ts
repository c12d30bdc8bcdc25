import { uniqueId } from '../history/repair.ts';
import type { LanguageModel, Message, ModelEvent, ModelRequest } from '../model/language-model.ts';
import type { CutResult, ToolCall, ToolDefinition, ToolProgress, ToolResult, ToolSource } from '../tools.ts';
import type { Trace } from '../tracing.ts';
import { currentTrace } from '../tracing.ts';
import type { Usage } from '../usage.ts';
import type { ApprovalPolicy } from './approval.ts';
import { allowAll } from './approval.ts';
import type { PreparedCall } from './execute-tools.ts';
import { prepareCall, refusedCall, runCalls } from './execute-tools.ts';
import type { ReachedLimit, RunLimits } from './limits.ts';
import { RunMeter } from './limits.ts';
import { pointedOut, RepetitionGuard, TOLD_AT } from './repetition.ts';
import { beginRun, failed, traceRequest, usageAttributes } from './run-trace.ts';

const LAST_ANSWER = 'No more tools can be used. Answer now, in text, with what you have found so far.';

export interface RunOptions {
  readonly model: LanguageModel;
  readonly tools: ToolSource;
  /** The conversation so far; its last message is the user's. It is not changed. */
  readonly messages: readonly Message[];
  readonly system?: string;
  readonly limits?: RunLimits;
  readonly approve?: ApprovalPolicy;
  readonly signal?: AbortSignal;
}

export type RunEvent =
  | { readonly type: 'turn-start'; readonly turn: number }
  | { readonly type: 'text-delta'; readonly text: string }
  | {
      readonly type: 'tool-call';
      readonly index: number;
      readonly call: ToolCall;
      /** Absent when the model asked for a tool that there is not. */
      readonly tool?: ToolDefinition;
      /** Absent when they could not be read: the result says why. */
      readonly args?: Readonly<Record<string, unknown>>;
    }
  /** A call that still runs says how far it is. */
  | {
      readonly type: 'tool-progress';
      readonly index: number;
      readonly tool?: ToolDefinition;
      readonly progress: ToolProgress;
    }
  | {
      readonly type: 'tool-result';
      readonly index: number;
      readonly result: ToolResult;
      readonly tool?: ToolDefinition;
      readonly args?: Readonly<Record<string, unknown>>;
      readonly ms: number;
      /** The model was not given all of the result. */
      readonly cut?: CutResult;
    }
  | Exclude<ModelEvent, { type: 'tool-call' | 'text-delta' }>
  | ({ readonly type: 'limit-reached' } & ReachedLimit)
  /** The conversation has grown by this message. Who keeps it message by message loses nothing when cut off. */
  | { readonly type: 'message-added'; readonly message: Message }
  | {
      readonly type: 'run-end';
      readonly reason: 'answered' | 'limit';
      /** What the run adds to the conversation: every call with exactly one result, in order. */
      readonly messages: readonly Message[];
      /** All that its turns have used up, and the models that its tools asked. Each turn has told of its own. */
      readonly usage: Usage;
    };

/**
 * Takes one user message to its answer: asks the model, runs the tools it calls in parallel, and asks again until it
 * answers. Leaving the generator cancels what still runs.
 *
 * @throws {PatchbayError} when the model fails, and `signal.reason` when aborted. Tool failures do not throw: the
 * model reads them.
 */
export async function* run(options: RunOptions): AsyncGenerator<RunEvent> {
  const trace = beginRun(await currentTrace(), options.model);
  const meter = new RunMeter(options.limits);
  try {
    yield* takeTurns(options, { added: [], meter, repetition: new RepetitionGuard(), trace });
  } catch (error) {
    failed(trace, error);
    throw error;
  } finally {
    trace.set(usageAttributes(meter.usage));
    trace.end();
  }
}

async function* takeTurns(options: RunOptions, state: RunState): AsyncGenerator<RunEvent> {
  let reached: ReachedLimit | undefined;
  while (!reached) {
    const turn = state.meter.beginTurn();
    yield { type: 'turn-start', turn };
    // Listed anew each turn: a server may have come up or gone since.
    const tools = options.tools.listTools();
    const trace = state.trace.begin(`turn ${turn}`, { 'patchbay.turn': turn });
    let repeated: ReachedLimit | undefined;
    try {
      const calls = yield* takeTurn(options, { ...state, trace }, { tools, system: options.system });
      if (calls.length === 0) {
        yield { type: 'run-end', reason: 'answered', messages: state.added, usage: state.meter.usage };
        return;
      }
      repeated = yield* execute(calls, tools, { options, state: { ...state, trace } });
    } finally {
      trace.end();
    }
    reached = repeated ?? state.meter.reached();
  }

  yield { type: 'limit-reached', ...reached };
  state.trace.set({ 'patchbay.limit': reached.limit });
  const system = [options.system, LAST_ANSWER].filter(Boolean).join('\n\n');
  yield* takeTurn(options, state, { tools: options.tools.listTools(), system, toolChoice: 'none' });
  yield { type: 'run-end', reason: 'limit', messages: state.added, usage: state.meter.usage };
}

/** What a run keeps between its turns. */
interface RunState {
  readonly added: Message[];
  readonly meter: RunMeter;
  readonly repetition: RepetitionGuard;
  /** Of the run, and within a turn that of the turn. */
  readonly trace: Trace;
}

/** One model response: streams its text, adds it to the transcript, and returns the calls in it. */
async function* takeTurn(
  { model, messages, signal }: RunOptions,
  { added, meter, trace }: RunState,
  request: Pick<ModelRequest, 'tools' | 'system' | 'toolChoice'>,
): AsyncGenerator<RunEvent, readonly ToolCall[]> {
  signal?.throwIfAborted();
  let text = '';
  const calls: ToolCall[] = [];
  const ask = (): AsyncIterable<ModelEvent> =>
    model.stream({ ...request, messages: [...messages, ...added] }, signal);
  for await (const event of traceRequest(trace, model, ask)) {
    if (event.type === 'tool-call') {
      calls.push(event.call);
      continue;
    }
    if (event.type === 'text-delta') text += event.text;
    if (event.type === 'usage') meter.addUsage(event.usage);
    yield event;
  }
  // A model that calls tools although it was told not to gets no further turn to read their results in.
  const toolCalls = request.toolChoice === 'none' ? [] : withUniqueIds(calls, [...messages, ...added]);
  if (text !== '' || toolCalls.length > 0) yield add(added, { role: 'assistant', text, toolCalls });
  return toolCalls;
}

/**
 * The calls of one turn: approved one after the other, run together, their results in call order. Returns the limit
 * when one of them has been made too often to no effect.
 */
async function* execute(
  calls: readonly ToolCall[],
  definitions: readonly ToolDefinition[],
  { options, state }: { options: RunOptions; state: RunState },
): AsyncGenerator<RunEvent, ReachedLimit | undefined> {
  const { tools: source, approve = allowAll, signal } = options;
  const tools = new Map(definitions.map((tool) => [tool.name, tool]));
  const prepared: PreparedCall[] = [];
  for (const [index, call] of calls.entries()) {
    const item = state.meter.takeCall()
      ? await prepareCall(call, { tools, source, approve }, signal)
      : refusedCall(call, 'Not run: the limit of tool calls is reached.');
    prepared.push(item);
    yield { type: 'tool-call', index, call, ...described(item) };
  }
  const results: ToolResult[] = [];
  let reached: ReachedLimit | undefined;
  for await (const report of runCalls(prepared, { source, trace: state.trace }, signal)) {
    const { index, item } = report;
    if (report.kind === 'progress') {
      yield { type: 'tool-progress', index, tool: item.tool, progress: report.progress };
      continue;
    }
    const { ms } = report;
    const { usage, cut, ...outcome } = report.outcome;
    if (usage) {
      state.meter.addUsage(usage);
      yield { type: 'usage', usage };
    }
    const times = state.repetition.count(item.call, outcome);
    if (times > TOLD_AT) reached = { limit: 'repetition', value: TOLD_AT };
    const told = times < TOLD_AT ? outcome : pointedOut(outcome, times);
    const result = { ...told, callId: item.call.id, name: item.call.name };
    results[index] = result;
    yield { type: 'tool-result', index, result, ...described(item), ms, ...(cut && { cut }) };
  }
  yield add(state.added, { role: 'tool', results });
  return reached;
}

function add(added: Message[], message: Message): RunEvent {
  added.push(message);
  return { type: 'message-added', message };
}

function described(item: PreparedCall): Pick<Extract<RunEvent, { type: 'tool-call' }>, 'tool' | 'args'> {
  return { tool: item.tool, args: item.args };
}

/** Some models repeat an id, within a turn or between turns, which their own API then refuses in the history. */
function withUniqueIds(calls: readonly ToolCall[], history: readonly Message[]): readonly ToolCall[] {
  const used = new Set(
    history.flatMap((message) => (message.role === 'assistant' ? message.toolCalls : [])).map(({ id }) => id),
  );
  return calls.map((call) => ({ ...call, id: uniqueId(call.id, used) }));
}
