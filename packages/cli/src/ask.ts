import type { CutResult, LanguageModel, Message, RunEvent, Usage } from '@patchbay/core';
import { outcomeText, printable, run } from '@patchbay/core';
import { Cancelled, toldToStop } from './cancelled.ts';
import { eventJson } from './render/json.ts';
import type { Session } from './session.ts';
import { systemPrompt } from './system-prompt.ts';

/** One tool call as it is reported. */
export interface CallSummary {
  readonly server: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly ms: number;
  readonly isError: boolean;
  readonly result: string;
  /** The model was not given all of the result. */
  readonly cut?: CutResult;
}

/** What one request came to. */
export interface AskSummary {
  readonly answer: string;
  /** `length`: the answer has reached the most tokens that one may have, and is not whole. */
  readonly stop: 'answered' | 'limit' | 'length';
  readonly calls: readonly CallSummary[];
  readonly usage: Usage;
  readonly ms: number;
  readonly model: Pick<LanguageModel, 'id' | 'label'>;
  /** What is added to the conversation. */
  readonly messages: readonly Message[];
}

export interface AskOptions {
  readonly session: Session;
  readonly model: LanguageModel;
  /** The conversation so far, with the request at its end. */
  readonly messages: readonly Message[];
  readonly signal: AbortSignal;
}

/**
 * Takes one request to its answer, shows each event on the way, and sums them up. Throws what {@link run} throws, and
 * {@link Cancelled} when `signal` aborts.
 */
export async function ask(
  { session, model, messages, signal }: AskOptions,
  show: (event: RunEvent) => void | Promise<void>,
): Promise<AskSummary> {
  const { host, approvals, maxTurns, debugLog } = session;
  const tools = session.offer(model);
  const startedAt = performance.now();
  const elapsedMs = (): number => Math.round(performance.now() - startedAt);
  const tally = new Tally();
  const system = systemPrompt(host.servers());
  const approve = approvals.policy;
  try {
    for await (const event of run({
      model,
      tools,
      messages,
      system,
      limits: { maxTurns },
      approve,
      signal,
    })) {
      const json = eventJson(event);
      if (json) debugLog?.write(json);
      tally.hear(event);
      await show(event);
    }
  } catch (cause) {
    if (signal.aborted) throw new Cancelled(elapsedMs(), toldToStop([...tally.running.values()]), { cause });
    throw cause;
  }
  const { id, label } = model;
  const { answer, isCut, calls, end } = tally;
  const { reason, usage, messages: added } = end;
  const stop = isCut && reason === 'answered' ? 'length' : reason;
  return { answer, stop, calls, usage, ms: elapsedMs(), model: { id, label }, messages: added };
}

/** What a request has come to so far. */
class Tally {
  /** The text of the last turn: what is said before tool calls is not part of the answer. */
  answer = '';
  isCut = false;
  readonly calls: CallSummary[] = [];
  /** The calls that have no result yet, by their place in the turn. */
  readonly running = new Map<number, string>();
  end: Omit<Extract<RunEvent, { type: 'run-end' }>, 'type'> = {
    reason: 'answered',
    messages: [],
    usage: { inputTokens: 0, outputTokens: 0 },
  };

  hear(event: RunEvent): void {
    if (event.type === 'turn-start' || event.type === 'limit-reached') {
      this.answer = '';
      this.isCut = false;
    }
    if (event.type === 'text-delta') this.answer += event.text;
    if (event.type === 'answer-cut') this.isCut = true;
    if (event.type === 'tool-call') this.running.set(event.index, nameOf(event));
    if (event.type === 'tool-result') {
      this.running.delete(event.index);
      this.calls.push(summarise(event));
    }
    if (event.type === 'run-end') this.end = event;
  }
}

/** `math › multiply` */
function nameOf({ tool, call }: Extract<RunEvent, { type: 'tool-call' }>): string {
  return printable(tool ? `${tool.server} › ${tool.tool}` : call.name);
}

function summarise({
  tool,
  args = {},
  result,
  ms,
  cut,
}: Extract<RunEvent, { type: 'tool-result' }>): CallSummary {
  const { isError } = result;
  return {
    server: tool?.server ?? '',
    tool: tool?.tool ?? result.name,
    arguments: args,
    ms,
    isError,
    result: outcomeText(result),
    ...(cut && { cut }),
  };
}
