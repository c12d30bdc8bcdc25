import type { Questions } from './questions.ts';
import type { Session } from './session.ts';
import { TimeLimits } from './time-limits.ts';
import type { RequestOptions } from './wire/wire.ts';
import { NoAnswerError } from './wire/wire-errors.ts';

type OnProgress = NonNullable<RequestOptions['onProgress']>;

/** What the SDK's client is given with a request. */
export interface SdkOptions {
  readonly signal: AbortSignal;
  readonly timeout: number;
  readonly onprogress: OnProgress;
}

/** Asks a server for something by the SDK's client. */
export type Ask<T> = (session: Session, options: SdkOptions) => Promise<T>;

interface Limited extends RequestOptions {
  readonly questions: Questions;
}

/** Asks by the SDK's client, within the limits that a request has without it: its own know nothing of a user who is asked meanwhile. */
export async function withinLimits<T>(
  { signal, timeoutMs, maxTotalMs = Infinity, onProgress, questions }: Limited,
  ask: (options: SdkOptions) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const limits = new TimeLimits({ timeoutMs, maxTotalMs }, questions, () =>
    stop.abort(new Error('no answer in time')),
  );
  const onprogress: OnProgress = (progress) => {
    limits.restart();
    onProgress?.(progress);
  };
  try {
    signal?.throwIfAborted();
    return await ask({ signal: stop.signal, timeout: 2 * maxTotalMs, onprogress });
  } catch (error) {
    // The SDK gives an abort and a time-out the same code.
    signal?.throwIfAborted();
    if (limits.passed !== undefined) throw new NoAnswerError(limits.passed);
    throw error;
  } finally {
    limits.stop();
    signal?.removeEventListener('abort', onAbort);
  }
}
