import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import { errorMessage, systemErrorCode } from '../errors.ts';
import type { ToolOutcome, ToolProgress } from '../tools.ts';
import { textOutcome } from '../tools.ts';
import { toOutcome } from './content.ts';
import { refusalOf } from './failure-reason.ts';
import type { Failure } from './server-state.ts';
import type { Session } from './session.ts';
import { NotSentError } from './stdio-transport.ts';
import { TimeLimits } from './time-limits.ts';

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
  request: CallRequest,
  { signal, onProgress }: CallOptions,
): Promise<CallAttempt> {
  const { tool, args } = request;
  if (session.isOver) return { kind: 'unsent', reason: 'the connection had ended' };
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const limits = new TimeLimits(request, session.questions, () => stop.abort(new Error('no answer in time')));
  try {
    signal?.throwIfAborted();
    const result = await session.callTool(
      { name: tool, arguments: { ...args } },
      {
        signal: stop.signal,
        // The limits are ours: the SDK's know nothing of a user who is asked meanwhile.
        timeout: 2 * request.maxTotalMs,
        onprogress: (progress) => {
          limits.restart();
          onProgress?.(progress);
        },
      },
    );
    return { kind: 'answered', outcome: toOutcome(result) };
  } catch (error) {
    // The SDK gives an abort and a time-out the same code.
    signal?.throwIfAborted();
    if (limits.passed !== undefined) return { kind: 'late', limitMs: limits.passed };
    return classifyRefusal(error, session) ?? classify(error, session);
  } finally {
    limits.stop();
    signal?.removeEventListener('abort', onAbort);
  }
}

function classifyRefusal(error: unknown, { authorization }: Session): CallAttempt | undefined {
  const refusal = refusalOf(error);
  const problem = authorization?.problem;
  if (refusal === undefined || !problem) return undefined;
  if (refusal === 401) return { kind: 'unauthorized', failure: problem };
  const text = `The server refused the call: ${problem.reason}. ${problem.hint}`;
  return { kind: 'answered', outcome: textOutcome(text, true) };
}

function classify(error: unknown, session: Session): CallAttempt {
  const reason = errorMessage(error);
  if (error instanceof NotSentError) return { kind: 'unsent', reason };
  if (error instanceof ProtocolError) return { kind: 'answered', outcome: textOutcome(reason, true) };
  if (error instanceof SdkHttpError) {
    // 404 to a session's id means that the server knows the session no more, so it did not look at the call.
    if (hasForgotten(session, error)) return { kind: 'expired', reason: 'it forgot its session' };
    return { kind: 'answered', outcome: textOutcome(`The server answered HTTP ${error.status}.`, true) };
  }
  if (error instanceof SdkError) return classifySdkError(error);
  const code = systemErrorCode(error);
  if (code === undefined) return { kind: 'answered', outcome: textOutcome(reason, true) };
  const said = { reason: `the connection failed (${code})` };
  return UNREACHABLE.test(code) ? { kind: 'unsent', ...said } : { kind: 'unanswered', ...said };
}

/** Whether a server answered that it knows the session no more: then it did not look at what was asked. */
export function hasForgotten(session: Session, error: unknown): boolean {
  return error instanceof SdkHttpError && error.status === 404 && session.hasSessionId;
}

function classifySdkError(error: SdkError): CallAttempt {
  if (error.code === SdkErrorCode.ConnectionClosed)
    return { kind: 'unanswered', reason: 'the connection closed' };
  if (error.code === SdkErrorCode.NotConnected) return { kind: 'unsent', reason: 'the connection had ended' };
  return { kind: 'answered', outcome: textOutcome(error.message, true) };
}
