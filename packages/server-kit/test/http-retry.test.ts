import { errors } from 'undici';
import { expect, test } from 'vitest';
import { retryAfterSeconds, retryUntil } from '../src/web/undici-retry.ts';

const context = (counter: number) => ({ state: { counter }, opts: { path: '/', method: 'GET' as const } });

function refusal(status: number, headers: Record<string, string> = {}): Error {
  // The declared constructor is not the one that runs: headers and count come in one object.
  return new errors.RequestRetryError('refused', status, { headers, data: { count: 1 } } as never);
}

/** Whether the policy gives up at once; a retry is cut off before its timer fires. */
function givesUp(error: Error, { tries = 1, leftMs = 60_000 } = {}): boolean {
  let gaveUp = false;
  const timer: unknown = retryUntil(Date.now() + leftMs)(error, context(tries), (result) => {
    gaveUp = result === error;
  });
  clearTimeout(timer as NodeJS.Timeout | undefined);
  return gaveUp;
}

test.for([429, 502, 503, 504])('status %i is tried again', (status) => {
  expect(givesUp(refusal(status))).toBe(false);
});

test.for([301, 400, 401, 404, 500, 501, 599])('status %i is final', (status) => {
  expect(givesUp(refusal(status))).toBe(true);
});

test('the third try is the last', () => {
  expect([1, 2, 3].map((tries) => givesUp(refusal(503), { tries }))).toEqual([false, false, true]);
});

test('a wait that the deadline does not allow is not begun', () => {
  expect(givesUp(refusal(429, { 'retry-after': '2' }), { leftMs: 3000 })).toBe(false);
  expect(givesUp(refusal(429, { 'retry-after': '2' }), { leftMs: 1000 })).toBe(true);
  expect(givesUp(refusal(429, { 'retry-after': '3600' }))).toBe(true);
});

test('a broken connection is tried again, one that never was is not', () => {
  expect(givesUp(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))).toBe(false);
  expect(givesUp(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))).toBe(true);
  expect(givesUp(Object.assign(new Error('dns'), { code: 'ENOTFOUND' }))).toBe(true);
});

test('Retry-After is a number of seconds or a date', () => {
  expect(retryAfterSeconds('17')).toBe(17);
  expect(retryAfterSeconds('Wed, 21 Oct 2015 07:28:00 GMT')).toBe(0);
  const inAMinute = retryAfterSeconds(new Date(Date.now() + 60_000).toUTCString());
  expect(inAMinute).toBeGreaterThan(50);
  expect(inAMinute).toBeLessThanOrEqual(60);
  expect(['soon', '', ' ', undefined, null, ['1', '2']].map(retryAfterSeconds)).toEqual(
    Array.from({ length: 6 }).fill(undefined),
  );
});
