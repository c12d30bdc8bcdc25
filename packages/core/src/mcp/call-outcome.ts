import type { ToolOutcome } from '../tools.ts';
import type { Failure, ServerState } from './server-state.ts';

interface CallName {
  readonly server: string;
  readonly tool: string;
}

/** What a model reads of a call to a server that is not there: why, since when, and what becomes of it. */
export function downOutcome(server: string, state: ServerState, now: number): ToolOutcome {
  if (state.kind !== 'down') {
    const text = `Server "${server}" is not connected.`;
    return failure(text, { code: 'SERVER_DOWN', server, reason: 'not connected' });
  }
  const { reason, hint, since, retryAt } = state;
  const next = retryAt === undefined ? '' : ` ${nextTry(retryAt - now)}`;
  return failure(`Server "${server}" is down: ${sentence(reason)}${next}`, {
    code: 'SERVER_DOWN',
    server,
    reason,
    ...(hint === undefined ? {} : { hint }),
    since: new Date(since).toISOString(),
    ...(retryAt === undefined ? {} : { retryAt: new Date(retryAt).toISOString() }),
  });
}

/** The connection was lost while the server was at the call: nobody knows how far it came. */
export function lostOutcome({ server, tool }: CallName, { reason }: Failure): ToolOutcome {
  const text = `Server "${server}" is down: ${sentence(reason)} ${unknown(tool)}`;
  return failure(text, { code: 'OUTCOME_UNKNOWN', server, tool, reason });
}

/** No answer came in time. The server was told to stop, which it may have done or not. */
export function lateOutcome({ server, tool }: CallName, limitMs: number): ToolOutcome {
  const reason = `no answer in ${limitMs / 1000} s`;
  const text = `${server} › ${tool} gave ${reason} and was cancelled. ${unknown(tool)} ${LONGER}`;
  return failure(text, { code: 'OUTCOME_UNKNOWN', server, tool, reason });
}

/** An answer of a server that has lost what it knew: whoever counts on earlier calls must hear of it. */
export function withRestartNote(outcome: ToolOutcome, server: string, { reason }: Failure): ToolOutcome {
  const text = `(Server "${server}" was started anew before this call: ${sentence(reason)} What it held in memory is gone.)`;
  return { ...outcome, content: [...outcome.content, { type: 'text', text }] };
}

const LONGER = '"timeoutMs" and "maxTotalMs" in the configuration give it longer.';

function unknown(tool: string): string {
  return `Its outcome is unknown: ${tool} may have taken effect or not. Find out before calling it again.`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function nextTry(inMs: number): string {
  return inMs <= 0
    ? 'The next call tries it again.'
    : `It can be tried again in ${Math.ceil(inMs / 1000)} s.`;
}

function failure(text: string, error: Readonly<Record<string, unknown>>): ToolOutcome {
  return { content: [{ type: 'text', text }], structured: { error }, isError: true };
}
