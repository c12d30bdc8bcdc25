import type { CallOptions } from './database.ts';
import { atDeadline } from './deadlines.ts';
import { cancelled, timedOut } from './errors.ts';

/**
 * Set when a call's time is over or its client has cancelled it. Disposing stops the clock. An AbortSignal of its own
 * would cost a call more than all else that is done for it here.
 */
export interface StopSignal extends Disposable {
  /** Why the call was stopped, as the model reads it; undefined while it goes on. */
  readonly reason: Error | undefined;
  /** Calls `listener` when the call is stopped, or at once when it is already. */
  onStop(listener: (reason: Error) => void): void;
}

/** `graceMs` is what a database gets to stop by itself after `timeoutMs`. */
export function stopSignal(options: CallOptions & { readonly graceMs: number }): StopSignal {
  const { timeoutMs, graceMs, signal } = options;
  const listeners: ((reason: Error) => void)[] = [];
  let reason: Error | undefined;
  const stop = (error: Error): void => {
    if (reason) return;
    reason = error;
    for (const listener of listeners) listener(error);
  };
  const cancel = (): void => stop(cancelled());
  const deadline = atDeadline(timeoutMs + graceMs, () => stop(timedOut(timeoutMs)));
  signal.addEventListener('abort', cancel);
  if (signal.aborted) cancel();
  return {
    get reason() {
      return reason;
    },
    onStop(listener) {
      if (reason) listener(reason);
      else listeners.push(listener);
    },
    [Symbol.dispose]() {
      deadline[Symbol.dispose]();
      signal.removeEventListener('abort', cancel);
    },
  };
}

/** The outcome of `promise`, or the reason of the stop when that comes first. */
export function untilStopped<Value>(promise: Promise<Value>, stop: StopSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    stop.onStop(reject);
    promise.then(resolve, reject);
  });
}
