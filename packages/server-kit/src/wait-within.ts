import { ToolError } from './errors.ts';

export interface WaitOptions {
  /** Of the call. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** What the call fails of when the time is over. */
  readonly onTimeout: () => ToolError;
}

/**
 * Waits for work that others may share as long as this call may take; the work itself goes on for the others.
 *
 * @throws {ToolError} What `onTimeout` gives, or `CANCELLED` when `signal` is aborted.
 */
export async function waitWithin<Value>(
  work: Promise<Value>,
  { signal, timeoutMs, onTimeout }: WaitOptions,
): Promise<Value> {
  const { promise: given, reject: giveUp } = Promise.withResolvers<never>();
  const cancel = (): void =>
    giveUp(new ToolError('CANCELLED', 'The call was cancelled', { cause: signal.reason }));
  const timer = setTimeout(() => giveUp(onTimeout()), timeoutMs);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    if (signal.aborted) cancel();
    return await Promise.race([work, given]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}
