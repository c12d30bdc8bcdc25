import { once } from 'node:events';

/** What `work` comes to, but rejects as soon as `signal` aborts. The work goes on unheard, unless it looks at the signal. */
export async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = once(signal, 'abort').then(() => signal.throwIfAborted());
  await Promise.race([work, aborted]);
}
