import type { LanguageModel, Message, RunEvent, Usage } from '@patchbay/core';
import { outcomeText, run } from '@patchbay/core';
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
}

/** What one request came to. */
export interface AskSummary {
  readonly answer: string;
  readonly stop: 'answered' | 'limit';
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

/** Takes one request to its answer, shows each event on the way, and sums them up. Throws what {@link run} throws. */
export async function ask(
  { session, model, messages, signal }: AskOptions,
  show: (event: RunEvent) => void | Promise<void>,
): Promise<AskSummary> {
  const { host, approvals, maxTurns } = session;
  const tools = session.offer(model);
  const startedAt = performance.now();
  const calls: CallSummary[] = [];
  let answer = '';
  let end: Omit<Extract<RunEvent, { type: 'run-end' }>, 'type'> = {
    reason: 'answered',
    messages: [],
    usage: { inputTokens: 0, outputTokens: 0 },
  };

  const system = systemPrompt(host.servers());
  const approve = approvals.policy;
  for await (const event of run({ model, tools, messages, system, limits: { maxTurns }, approve, signal })) {
    // The answer is the text of the last turn: what is said before tool calls is not part of it.
    if (event.type === 'turn-start' || event.type === 'limit-reached') answer = '';
    if (event.type === 'text-delta') answer += event.text;
    if (event.type === 'tool-result') calls.push(summarise(event));
    if (event.type === 'run-end') end = event;
    await show(event);
  }
  const { id, label } = model;
  const ms = Math.round(performance.now() - startedAt);
  return {
    answer,
    stop: end.reason,
    calls,
    usage: end.usage,
    ms,
    model: { id, label },
    messages: end.messages,
  };
}

function summarise({ tool, args = {}, result, ms }: Extract<RunEvent, { type: 'tool-result' }>): CallSummary {
  const { isError } = result;
  const text = outcomeText(result);
  return {
    server: tool?.server ?? '',
    tool: tool?.tool ?? result.name,
    arguments: args,
    ms,
    isError,
    result: text,
  };
}
