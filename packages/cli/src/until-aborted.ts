import { once } from 'node:events';

/** What `work` comes to, but rejects as soon as `signal` aborts. The work goes on unheard, unless it looks at the signal. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = once(signal, 'abort').then((): never => {
    throw signal.reason;
  });
  return Promise.race([work, aborted]);
}
