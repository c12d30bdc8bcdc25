import { errorMessage, systemErrorCode } from '../errors.ts';
import type { ToolOutcome, ToolProgress } from '../tools.ts';
import { textOutcome } from '../tools.ts';
import { toOutcome } from './content.ts';
import { problemBehind, refusalOf } from './failure-reason.ts';
import type { Failure } from './server-state.ts';
import type { Session } from './session.ts';
import { needsInput } from './session.ts';
import { ConnectionLostError, NoAnswerError, NotSentError, statusOf } from './wire/wire-errors.ts';

export interface CallRequest {
  /** What the server itself calls the tool. */
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Longest silence, and longest time in all, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxTotalMs: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ToolProgress) => void) | undefined;
}

/** How far one attempt at a call came: what may be done next depends on this, not on the words of an error. */
export type CallAttempt =
  /** The server answered, if only by an error. */
  | { readonly kind: 'answered'; readonly outcome: ToolOutcome }
  /** The server knows the session no more, so it did not look at the call. A new session is all that it needs. */
  | { readonly kind: 'expired'; readonly reason: string }
  /** The server wants to know who calls, and only the user can say so. It did not look at the call. */
  | { readonly kind: 'unauthorized'; readonly failure: Failure }
  /** It never reached the server. */
  | { readonly kind: 'unsent'; readonly reason: string }
  /** It was sent, and the connection was lost before an answer. */
  | { readonly kind: 'unanswered'; readonly reason: string }
  /** It was sent, and no answer came in time. It was cancelled. */
  | { readonly kind: 'late'; readonly limitMs: number };

/** System errors of a connection that was never made. */
const UNREACHABLE = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/**
 * Calls a tool once. Rejects only with the reason of `signal`, once the server has been told to stop.
 */
export async function attemptCall(
  session: Session,
  { tool, args, timeoutMs, maxTotalMs }: CallRequest,
  { signal, onProgress = ignore }: CallOptions,
): Promise<CallAttempt> {
  if (session.isOver) return { kind: 'unsent', reason: 'the connection had ended' };
  try {
    const limits = { timeoutMs, maxTotalMs, signal, onProgress };
    const call = { name: tool, arguments: args };
    const answer = await session.callTool(call, limits);
    const result = needsInput(answer) ? await session.goOn(call, answer, limits) : answer;
    return { kind: 'answered', outcome: toOutcome(result) };
  } catch (error) {
    signal?.throwIfAborted();
    return classifyRefusal(error, session) ?? classify(error, session);
  }
}

/** Progress that nobody shows still says that the server is at it. */
function ignore(): void {}

function classifyRefusal(error: unknown, { authorization }: Session): CallAttempt | undefined {
  const problem = problemBehind(error, authorization);
  if (!problem) return undefined;
  if (refusalOf(error) === 401) return { kind: 'unauthorized', failure: problem };
  const text = `The server refused the call: ${problem.reason}. ${problem.hint}`;
  return { kind: 'answered', outcome: textOutcome(text, true) };
}

function classify(error: unknown, session: Session): CallAttempt {
  const reason = errorMessage(error);
  if (error instanceof NoAnswerError) return { kind: 'late', limitMs: error.limitMs };
  if (error instanceof NotSentError) return { kind: 'unsent', reason };
  if (error instanceof ConnectionLostError) return { kind: 'unanswered', reason: 'the connection closed' };
  // 404 to a session's id means that the server knows the session no more, so it did not look at the call.
  if (hasForgotten(session, error)) return { kind: 'expired', reason: 'it forgot its session' };
  const status = statusOf(error);
  if (status !== undefined && status >= 300)
    return { kind: 'answered', outcome: textOutcome(`The server answered HTTP ${status}.`, true) };
  const code = systemErrorCode(error);
  if (code === undefined) return classifyOther(error, reason);
  const said = { reason: `the connection failed (${code})` };
  return UNREACHABLE.test(code) ? { kind: 'unsent', ...said } : { kind: 'unanswered', ...said };
}

/** Errors of the SDK's client, and what a server said in place of a result. */
function classifyOther(error: unknown, reason: string): CallAttempt {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'CONNECTION_CLOSED') return { kind: 'unanswered', reason: 'the connection closed' };
  if (code === 'NOT_CONNECTED') return { kind: 'unsent', reason: 'the connection had ended' };
  return { kind: 'answered', outcome: textOutcome(reason.toWellFormed(), true) };
}

/** Whether a server answered that it knows the session no more: then it did not look at what was asked. */
export function hasForgotten(session: Session, error: unknown): boolean {
  return statusOf(error) === 404 && session.hasSessionId;
}
