import { once } from 'node:events';
import { createServer } from 'node:net';
import type { WikipediaApiFault } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { startWikipediaServer } from './wikipedia-server.ts';

const status = (code: number, headers: Record<string, string> = {}): WikipediaApiFault => ({
  kind: 'status',
  status: code,
  headers,
});

const sun = { title: 'Sun' };

test('429 and gateways without their backend are asked again, after the wait they name', async () => {
  await using it = await startWikipediaServer({ env: { WIKIPEDIA_CACHE_TTL_S: '0' } });
  for (const code of [429, 502, 503, 504]) {
    const before = it.api.requests.length;
    it.api.fault(status(code, { 'retry-after': '0' }), status(code, { 'retry-after': '0' }));
    expect(await it.call('get_summary', sun)).toMatchObject({ isError: false });
    expect(it.api.requests.length - before).toBe(3);
  }
  it.api.fault(status(429, { 'retry-after': '1' }));
  const startedAt = performance.now();
  expect(await it.call('get_summary', sun)).toMatchObject({ isError: false });
  expect(performance.now() - startedAt).toBeGreaterThan(950);
  it.api.fault({ kind: 'reset' });
  expect(await it.call('get_summary', sun)).toMatchObject({ isError: false });
});

test('a wait longer than the time limit is not begun but told', async () => {
  await using it = await startWikipediaServer();
  it.api.fault(status(429, { 'retry-after': '60' }));
  expect((await it.call('search', { query: 'x' })).text).toBe(
    'RATE_LIMITED: Wikipedia limits requests; retry after 60 s (HTTP 429)\nWait 60 s before the next call. ' +
      'Clients that name a contact (WIKIPEDIA_CONTACT) may ask more often.',
  );
  expect(it.api.requests).toHaveLength(1);
});

test('every fault is a coded error, and the next call works', async () => {
  await using it = await startWikipediaServer({ env: { WIKIPEDIA_CACHE_TTL_S: '0' } });
  const faults = [
    [status(403), 'FORBIDDEN', 'has to set WIKIPEDIA_CONTACT'],
    [status(404), 'UPSTREAM', 'HTTP status 404'],
    [status(500), 'UPSTREAM', 'HTTP status 500'],
    [status(301, { location: 'http://127.0.0.1:1/' }), 'UPSTREAM', 'redirects elsewhere (HTTP 301)'],
    [{ kind: 'text', text: '<html>Log in</html>' }, 'UPSTREAM_FORMAT', 'it is not JSON'],
    [{ kind: 'text', text: '' }, 'UPSTREAM_FORMAT', 'it is not JSON'],
    [{ kind: 'text', text: '{"query":{' }, 'UPSTREAM_FORMAT', 'it is not JSON'],
    [{ kind: 'text', text: 'null' }, 'UPSTREAM_FORMAT', 'expected object'],
    [{ kind: 'text', text: '{"query":{"pages":[{"title":7}]}}' }, 'UPSTREAM_FORMAT', 'expected string'],
    [{ kind: 'oversize', bytes: 4_100_000 }, 'UPSTREAM_FORMAT', 'longer than 4 MB'],
    [{ kind: 'cut' }, 'UPSTREAM', 'closed the connection'],
    [
      { kind: 'api-error', code: 'ratelimited', info: 'Slow down.' },
      'RATE_LIMITED',
      'ratelimited: Slow down.',
    ],
    [
      { kind: 'api-error', code: 'internal_api_error', info: 'A \u001b[31mfault\nof ours' },
      'UPSTREAM',
      'internal_api_error: A [31mfault of ours',
    ],
  ] as const satisfies readonly (readonly [WikipediaApiFault, string, string])[];
  for (const [fault, code, said] of faults) {
    it.api.fault(fault);
    const { isError, text } = await it.call('get_summary', sun);
    expect({ isError, code: text.split(':')[0] }).toEqual({ isError: true, code });
    expect(text).toContain(said);
    expect(await it.call('get_summary', sun)).toMatchObject({ isError: false });
  }
  expect(it.server.stderr()).toBe('');
});

test('the time limit is for all requests of a call together', async () => {
  await using it = await startWikipediaServer({ env: { WIKIPEDIA_TIMEOUT_MS: '600' } });
  it.api.fault({ kind: 'delay', delayMs: 400 }, { kind: 'delay', delayMs: 400 });
  expect((await it.call('get_summary', { title: 'Mercury' })).text).toBe(
    'TIMEOUT: Wikipedia did not answer within 0.6 s\nTry again once; the time limit is WIKIPEDIA_TIMEOUT_MS.',
  );
});

test('a cancelled call ends at once, and its work is there for the next', async () => {
  await using it = await startWikipediaServer();
  it.api.fault({ kind: 'delay', delayMs: 500 });
  const stop = new AbortController();
  const call = it.call('get_summary', sun, stop.signal);
  await expect.poll(() => it.api.requests.length).toBe(1);
  stop.abort('enough');
  await expect(call).rejects.toThrow('enough');
  expect(await it.call('get_summary', sun)).toMatchObject({ isError: false });
  expect(it.api.requests).toHaveLength(1);
});

test('without a network a call fails at once', async () => {
  const env = { WIKIPEDIA_BASE_URL: 'http://{lang}.nowhere.invalid' };
  await using it = await startWikipediaServer({ env });
  const startedAt = performance.now();
  const { isError, text } = await it.call('search', { query: 'x', lang: 'pt-br' });
  expect(performance.now() - startedAt).toBeLessThan(5000);
  expect(isError).toBe(true);
  expect(text).toMatch(
    /^NETWORK: pt-br\.nowhere\.invalid \(Wikipedia\) cannot be reached: there seems to be no network/u,
  );
});

test('a refused connection is a missing network too, and is not tried again', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const address = closed.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  closed.close();
  await using it = await startWikipediaServer({ env: { WIKIPEDIA_BASE_URL: `http://127.0.0.1:${port}/` } });
  expect((await it.call('get_summary', sun)).text).toContain(
    `NETWORK: 127.0.0.1:${port} (Wikipedia) cannot be reached: there seems to be no network (ECONNREFUSED)`,
  );
});

test('at most three requests are under way, and one page is asked for once', async () => {
  await using it = await startWikipediaServer();
  it.api.fault(...Array.from({ length: 12 }, (): WikipediaApiFault => ({ kind: 'delay', delayMs: 50 })));
  const titles = [
    'Sun',
    'Turing test',
    'Turing machine',
    'Alan Turing',
    'Freddie Mercury',
    'Mercury (planet)',
  ];
  const answers = await Promise.all([...titles, ...titles].map((title) => it.call('get_summary', { title })));
  expect(answers.filter(({ isError }) => isError)).toEqual([]);
  expect(it.api.requests).toHaveLength(titles.length);
  expect(it.api.mostAtOnce).toBeLessThanOrEqual(3);
});
