import type { CallOptions } from './database.ts';
import { cancelled, timedOut } from './errors.ts';

/** Aborted when a call's time is over or its client has cancelled it. Disposing stops the clock. */
export interface StopSignal extends Disposable {
  readonly signal: AbortSignal;
  /** Why it was aborted, as the model reads it. */
  error(): Error;
}

/** `graceMs` is what a database gets to stop by itself after `timeoutMs`. */
export function stopSignal(options: CallOptions & { readonly graceMs: number }): StopSignal {
  const { timeoutMs, graceMs, signal } = options;
  const controller = new AbortController();
  // Made when it is needed: an error costs more than all else here.
  let reason: Error | undefined;
  const stop = (error: Error): void => {
    reason ??= error;
    controller.abort(reason);
  };
  const cancel = (): void => stop(cancelled());
  const timer = setTimeout(() => stop(timedOut(timeoutMs)), timeoutMs + graceMs);
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  return {
    signal: controller.signal,
    error: () => reason ?? cancelled(),
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    },
  };
}

/** The outcome of `promise`, or the signal's reason when that comes first. */
export async function abortable<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
