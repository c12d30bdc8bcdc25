import type { RetryHandler } from 'undici';
import { errors } from 'undici';

const MAX_TRIES = 3;

/** Answers that a later try may change: too many requests, and gateways without their backend. */
const STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** A connection that broke under the request. One that never came about is not retried: the answer must be quick. */
const BROKEN: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** Wait before the second try when the answer names none, in milliseconds; it doubles with each try. */
const FIRST_WAIT_MS = 300;

/**
 * Decides for undici's retry interceptor whether to try a GET again: at most 3 tries, after the wait that the answer
 * asks for, and only when that wait ends before `deadline` (milliseconds since the epoch).
 */
export function retryUntil(deadline: number): RetryHandler.RetryCallback {
  return (error, { state }, callback) => {
    const waitMs = retryWaitMs(error, state.counter);
    if (waitMs === undefined || Date.now() + waitMs >= deadline) {
      callback(error);
      return undefined;
    }
    // The interceptor clears the timer it is given when the request is aborted meanwhile.
    return setTimeout(() => callback(null), waitMs);
  };
}

function retryWaitMs(error: Error, tries: number): number | undefined {
  if (tries >= MAX_TRIES) return undefined;
  const backoffMs = FIRST_WAIT_MS * 2 ** (tries - 1);
  if (error instanceof errors.RequestRetryError) {
    if (!STATUSES.has(error.statusCode)) return undefined;
    const seconds = retryAfterSeconds(error.headers['retry-after']);
    return seconds === undefined ? backoffMs : seconds * 1000;
  }
  return 'code' in error && typeof error.code === 'string' && BROKEN.has(error.code) ? backoffMs : undefined;
}

/** Seconds that a `Retry-After` header asks for, given as a number or as a date (RFC 9110, section 10.2.3). */
export function retryAfterSeconds(header: string | string[] | undefined | null): number | undefined {
  if (typeof header !== 'string' || header.trim() === '') return undefined;
  if (/^\d+$/u.test(header.trim())) return Number(header);
  const seconds = Math.ceil((Date.parse(header) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
