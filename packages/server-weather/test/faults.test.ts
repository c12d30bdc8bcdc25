import { once } from 'node:events';
import { createServer } from 'node:net';
import type { ServiceFault } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { startWeatherServer } from './weather-server.ts';

const status = (code: number, headers: Record<string, string> = {}, body: unknown = {}): ServiceFault => ({
  kind: 'status',
  status: code,
  headers,
  body,
});

test.for([429, 502, 503, 504])('after status %i the request is sent again', async (code) => {
  await using it = await startWeatherServer();
  it.api.fault('/v1/forecast', status(code, { 'retry-after': '0' }), status(code, { 'retry-after': '0' }));
  expect((await it.weather({ city: 'Berlin' })).isError).toBe(false);
  expect(it.paths()).toEqual(['/v1/search', '/v1/forecast', '/v1/forecast', '/v1/forecast']);
});

test('a connection that breaks before the answer is tried again', async () => {
  await using it = await startWeatherServer();
  it.api.fault('/v1/forecast', { kind: 'reset' });
  expect((await it.weather({ city: 'Berlin' })).isError).toBe(false);
});

test('Retry-After is waited for', async () => {
  await using it = await startWeatherServer();
  it.api.fault('/v1/search', status(429, { 'retry-after': '1' }));
  const startedAt = performance.now();
  expect((await it.weather({ city: 'Berlin' })).isError).toBe(false);
  expect(performance.now() - startedAt).toBeGreaterThan(950);
});

test('after three tries the service is said to limit requests', async () => {
  await using it = await startWeatherServer();
  const fault = status(429, {}, { error: true, reason: 'Minutely API request limit exceeded.' });
  it.api.fault('/v1/search', fault, fault, fault);
  const { isError, text } = await it.weather({ city: 'Berlin' });
  expect({ isError, tries: it.paths().length }).toEqual({ isError: true, tries: 3 });
  expect(text).toBe(
    'RATE_LIMITED: Open-Meteo limits requests; retry after a minute (HTTP 429): Minutely API request limit ' +
      'exceeded.\nWait a minute before the next call.',
  );
});

test('a wait longer than the deadline is not begun but told', async () => {
  await using it = await startWeatherServer();
  it.api.fault('/v1/search', status(429, { 'retry-after': '60' }));
  const startedAt = performance.now();
  expect((await it.weather({ city: 'Berlin' })).text).toContain(
    'RATE_LIMITED: Open-Meteo limits requests; retry after 60 s',
  );
  expect(performance.now() - startedAt).toBeLessThan(5000);
  expect(it.paths()).toEqual(['/v1/search']);
});

test.for([
  [
    'a bad request',
    status(400, {}, { error: true, reason: 'Invalid\u001b[31m value\nfor key' }),
    'UPSTREAM',
    '400: Invalid [31m value for key',
  ],
  ['an inner error', status(500), 'UPSTREAM', 'HTTP status 500'],
  ['a redirect', status(302, { location: 'http://127.0.0.1:1/' }), 'UPSTREAM', 'HTTP status 302'],
  ['a broken error body', status(400, {}, '{"reason":'), 'UPSTREAM', 'HTTP status 400'],
  ['a page of HTML', { kind: 'text', text: '<html>Log in</html>' }, 'UPSTREAM_FORMAT', 'it is not JSON'],
  ['an empty answer', { kind: 'text', text: '' }, 'UPSTREAM_FORMAT', 'it is not JSON'],
  ['half a JSON document', { kind: 'text', text: '{"current":{' }, 'UPSTREAM_FORMAT', 'it is not JSON'],
  [
    'an answer without the weather',
    { kind: 'text', text: '{"utc_offset_seconds":0}' },
    'UPSTREAM_FORMAT',
    'current',
  ],
  ['null', { kind: 'text', text: 'null' }, 'UPSTREAM_FORMAT', 'expected object'],
  ['more than 1 MB', { kind: 'oversize', bytes: 1_100_000 }, 'UPSTREAM_FORMAT', 'longer than 1 MB'],
  ['a connection that breaks in the answer', { kind: 'cut' }, 'UPSTREAM', 'closed the connection'],
] as const satisfies readonly (readonly [string, ServiceFault, string, string])[])(
  '%s is a coded error, and the next call works',
  async ([, fault, code, said]) => {
    await using it = await startWeatherServer();
    it.api.fault('/v1/forecast', fault);
    const { isError, text } = await it.weather({ city: 'Berlin' });
    expect(isError).toBe(true);
    expect(text).toMatch(new RegExp(`^${code}: `, 'u'));
    expect(text).toContain(said);
    expect((await it.weather({ city: 'Berlin' })).isError).toBe(false);
    expect(it.server.stderr()).toBe('');
  },
);

test('a connection that always breaks is an error of the service', async () => {
  await using it = await startWeatherServer();
  it.api.fault('/v1/search', { kind: 'reset' }, { kind: 'reset' }, { kind: 'reset' });
  expect((await it.weather({ city: 'Berlin' })).text).toMatch(
    /^UPSTREAM: Open-Meteo failed: 127\.0\.0\.1:\d+ closed/u,
  );
  expect(it.paths()).toHaveLength(3);
});

test('a service that does not answer is given up after the time limit', async () => {
  await using it = await startWeatherServer({ env: { WEATHER_TIMEOUT_MS: '300' } });
  it.api.fault('/v1/forecast', { kind: 'delay', delayMs: 60_000 });
  const startedAt = performance.now();
  expect((await it.weather({ city: 'Berlin' })).text).toBe(
    'TIMEOUT: Open-Meteo did not answer within 0.3 s\nTry again once; the time limit is WEATHER_TIMEOUT_MS.',
  );
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

test('the time limit is for all requests of a call together', async () => {
  await using it = await startWeatherServer({ env: { WEATHER_TIMEOUT_MS: '1000' } });
  it.api.fault('/v1/search', { kind: 'delay', delayMs: 700 });
  it.api.fault('/v1/forecast', { kind: 'delay', delayMs: 700 });
  expect((await it.weather({ city: 'Berlin' })).text).toContain('TIMEOUT');
});

test.for(['open-meteo', 'openweather'] as const)('without a network %s fails at once', async (provider) => {
  const url = 'http://nowhere.invalid';
  const env = { OPEN_METEO_GEOCODING_URL: url, OPENWEATHER_BASE_URL: url };
  await using it = await startWeatherServer({ provider, env });
  const startedAt = performance.now();
  const { isError, text } = await it.weather({ city: 'Berlin' });
  expect(performance.now() - startedAt).toBeLessThan(5000);
  expect(isError).toBe(true);
  expect(text).toMatch(/^NETWORK: nowhere\.invalid \(.+\) cannot be reached: there seems to be no network/u);
});

test('a refused connection is a missing network too, and is not tried again', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const address = closed.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  closed.close();
  await using it = await startWeatherServer({ env: { OPEN_METEO_BASE_URL: `http://127.0.0.1:${port}/` } });
  expect((await it.weather({ city: 'Berlin' })).text).toContain(
    `NETWORK: 127.0.0.1:${port} (Open-Meteo) cannot be reached: there seems to be no network (ECONNREFUSED)`,
  );
});

test('a host that takes connections and says nothing counts as unreachable after some seconds', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  await using it = await startWeatherServer({
    env: { OPEN_METEO_GEOCODING_URL: `https://127.0.0.1:${port}` },
  });
  const startedAt = performance.now();
  expect((await it.weather({ city: 'Berlin' })).text).toContain(`NETWORK: 127.0.0.1:${port}`);
  expect(performance.now() - startedAt).toBeLessThan(6000);
  silent.close();
});
