import { ToolError } from '../errors.ts';
import type { Upstream } from './upstream.ts';
import { timeoutError } from './upstream.ts';

/**
 * Waits for work that calls may share, such as one request to a service, as long as this call may take and its caller wants
 * it; the work itself goes on for the others.
 *
 * @throws {ToolError} `TIMEOUT`, in the name of the service, or `CANCELLED` when `signal` is aborted.
 */
export async function answerWithin<Answer>(
  work: Promise<Answer>,
  {
    signal,
    timeoutMs,
    upstream,
  }: { readonly signal: AbortSignal; readonly timeoutMs: number; readonly upstream: Upstream },
): Promise<Answer> {
  const { promise: given, reject: giveUp } = Promise.withResolvers<never>();
  const cancel = (): void =>
    giveUp(new ToolError('CANCELLED', 'The call was cancelled', { cause: signal.reason }));
  const timer = setTimeout(() => giveUp(timeoutError(upstream, timeoutMs)), timeoutMs);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    if (signal.aborted) cancel();
    return await Promise.race([work, given]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}
