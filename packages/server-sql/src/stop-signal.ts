import type { CallOptions } from './database.ts';
import { atDeadline } from './deadlines.ts';
import { cancelled, timedOut } from './errors.ts';

/**
 * Set when a call's time is over or its client has cancelled it. Disposing ends the watch. An AbortSignal of its own
 * would cost a call more than all else that is done for it here.
 */
export interface StopSignal extends Disposable {
  /** Why the call was stopped, as the model reads it; undefined while it goes on. */
  readonly reason: Error | undefined;
  /** Calls `listener` when the call is stopped, or at once when it is already. */
  onStop(listener: (reason: Error) => void): void;
}

/**
 * A call is watched when it is this old at most, in milliseconds. Most are over before, and watching one, which is a
 * timer and a listener set and cleared again, takes as long as much of the rest.
 */
const UNWATCHED_MS = 5;

/** Those that nobody watches yet. */
const young = new Set<WatchedCall>();
let alarm: NodeJS.Timeout | undefined;
let isAlarmSet = false;

/** `graceMs` is what a database gets to stop by itself after `timeoutMs`. */
export function stopSignal(options: CallOptions & { readonly graceMs: number }): StopSignal {
  const call = new WatchedCall(options);
  if (options.signal.aborted) call.watch();
  else young.add(call);
  if (!isAlarmSet) {
    isAlarmSet = true;
    // By then the statement is on its way, so that nothing waits for this.
    setImmediate(setAlarm);
  }
  return call;
}

/** One timer for ever, which keeps no process alive: to wind it again is cheaper than to make one. */
function setAlarm(): void {
  if (alarm) alarm.refresh();
  else alarm = setTimeout(watchTheYoung, UNWATCHED_MS).unref();
}

function watchTheYoung(): void {
  isAlarmSet = false;
  for (const call of young) call.watch();
  young.clear();
}

class WatchedCall implements StopSignal {
  reason: Error | undefined;
  readonly #options: CallOptions & { readonly graceMs: number };
  readonly #startedAt = performance.now();
  readonly #listeners: ((reason: Error) => void)[] = [];
  #deadline: Disposable | undefined;

  constructor(options: CallOptions & { readonly graceMs: number }) {
    this.#options = options;
  }

  onStop(listener: (reason: Error) => void): void {
    if (this.reason) listener(this.reason);
    else this.#listeners.push(listener);
  }

  watch(): void {
    const { timeoutMs, graceMs, signal } = this.#options;
    if (signal.aborted) return this.#cancel();
    signal.addEventListener('abort', this.#cancel);
    const endsAt = this.#startedAt + timeoutMs + graceMs;
    this.#deadline = atDeadline(endsAt - performance.now(), () => this.#stop(timedOut(timeoutMs)));
  }

  [Symbol.dispose](): void {
    if (young.delete(this)) return;
    this.#deadline?.[Symbol.dispose]();
    this.#options.signal.removeEventListener('abort', this.#cancel);
  }

  readonly #cancel = (): void => this.#stop(cancelled());

  #stop(reason: Error): void {
    if (this.reason) return;
    this.reason = reason;
    for (const listener of this.#listeners) listener(reason);
  }
}

/** The outcome of `promise`, or the reason of the stop when that comes first. */
export function untilStopped<Value>(promise: Promise<Value>, stop: StopSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    stop.onStop(reject);
    promise.then(resolve, reject);
  });
}
