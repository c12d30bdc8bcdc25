import { expect, test } from 'vitest';
import { outcomeText } from '../src/tools.ts';
import type { HttpAnswer } from './support/http-mcp.ts';
import { startHttpMcp } from './support/http-mcp.ts';
import { hostOf, startAll } from './support/served.ts';

const html = { status: 200, type: 'text/html', body: '<html>welcome</html>' };
const refusal = JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32_000, message: 'not so' } });

test.for<[string, HttpAnswer]>([
  ['an empty 200', { status: 200 }],
  ['204', { status: 204 }],
  ['a page', html],
  ['400', { status: 400 }],
  ['404', { status: 404 }],
  ['500', { status: 500, body: 'oops' }],
])('an older server that answers the question of eras by %s is spoken to', async ([, answer]) => {
  await using http = await startHttpMcp({
    intercept: (method) => (method === 'server/discover' ? answer : undefined),
  });
  await using host = hostOf({ s: http.config });
  await startAll(host);
  expect(host.servers()[0]?.state).toMatchObject({ kind: 'ready', protocol: '2025-11-25' });
  expect(outcomeText(await host.tools.callTool('s__echo', { a: 1 }))).toBe('{"a":1}');
});

test('an address that knows HTTP+SSE alone is spoken to in that', async () => {
  await using http = await startHttpMcp({ speaks: 'sse' });
  await using host = hostOf({ s: http.config });
  await startAll(host);
  expect(host.servers()[0]?.state).toMatchObject({ kind: 'ready', protocol: '2025-11-25' });
  expect(outcomeText(await host.tools.callTool('s__echo', { a: 1 }))).toBe('{"a":1}');
});

test.for<[string, HttpAnswer, string]>([
  ['500', { status: 500, body: 'oops' }, 'HTTP 500'],
  ['503', { status: 503 }, 'HTTP 503'],
  ['401', { status: 401 }, 'authorization'],
  ['403', { status: 403 }, 'HTTP 403'],
  ['429', { status: 429 }, 'HTTP 429'],
  ['404 in MCP', { status: 404, type: 'application/json', body: refusal }, 'HTTP 404'],
])(
  'a server that answers everything by %s is down for that, and no other transport hides it',
  async ([, answer, reason]) => {
    await using http = await startHttpMcp({ intercept: () => answer });
    await using host = hostOf({ s: http.config });
    await startAll(host);
    expect(host.servers()[0]?.state).toMatchObject({ kind: 'down', reason: expect.stringContaining(reason) });
    expect(http.seen).not.toContain('GET');
  },
);

test('the stream for what a server says unasked is asked for before anything else is', async () => {
  await using http = await startHttpMcp();
  await using host = hostOf({ s: http.config });
  await startAll(host);
  await host.tools.callTool('s__echo', {});
  const begun = http.seen.slice(http.seen.indexOf('notifications/initialized'));
  expect(begun).toEqual(['notifications/initialized', 'GET', 'tools/list', 'tools/call']);
});

test('what wants another caller is asked once', async () => {
  await using http = await startHttpMcp({ intercept: () => ({ status: 401 }) });
  await using host = hostOf({ s: http.config });
  await startAll(host);
  expect(http.seen).toEqual(['server/discover']);
  expect(host.servers()[0]?.state).not.toHaveProperty('retryAt');
});

test('twenty calls that meet a forgotten session share one new one, and none of them fails', async () => {
  await using http = await startHttpMcp();
  await using host = hostOf({ s: http.config });
  await startAll(host);
  http.forget();
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, index) => host.tools.callTool('s__echo', { index })),
  );
  expect(outcomes.map(({ content }) => content[0])).toEqual(
    Array.from({ length: 20 }, (_, index) => ({ type: 'text', text: `{"index":${index}}` })),
  );
  expect(http.seen.filter((method) => method === 'initialize')).toHaveLength(2);
  expect(outcomes.map(outcomeText).filter((text) => text.includes('forgot its session'))).toHaveLength(1);
});

test('closing tells a server that its session is over', async () => {
  await using http = await startHttpMcp();
  const host = hostOf({ s: http.config });
  await startAll(host);
  await host[Symbol.asyncDispose]();
  expect(http.seen.at(-1)).toBe('DELETE');
});

test.for<[string, HttpAnswer, string]>([
  ['429', { status: 429 }, 'HTTP 429'],
  ['500', { status: 500 }, 'HTTP 500'],
  ['a page', html, 'content type'],
])('a call that is answered by %s fails alone, and its server stays', async ([, answer, text]) => {
  let isBroken = false;
  await using http = await startHttpMcp({
    intercept: (method) => (isBroken && method === 'tools/call' ? answer : undefined),
  });
  await using host = hostOf({ s: http.config });
  await startAll(host);
  isBroken = true;
  const outcome = await host.tools.callTool('s__echo', {});
  expect(outcome.isError).toBe(true);
  expect(outcomeText(outcome)).toContain(text);
  isBroken = false;
  expect(await host.tools.callTool('s__echo', {})).toMatchObject({ isError: false });
  expect(http.seen.filter((method) => method === 'initialize')).toHaveLength(1);
});

test('a server that is gone is down, and is found again where it was', async () => {
  const first = await startHttpMcp();
  await using host = hostOf({ s: first.config });
  await startAll(host);
  await first[Symbol.asyncDispose]();
  expect(outcomeText(await host.tools.callTool('s__echo', {}))).toMatch(
    /^Server "s" is down: .*(nothing listens at|ECONNREFUSED|outcome is unknown)/,
  );
  await using second = await startHttpMcp({ port: first.port });
  await expect.poll(() => host.servers()[0]?.state.kind, { timeout: 20_000 }).toBe('ready');
  expect(await host.tools.callTool('s__echo', {})).toMatchObject({ isError: false });
  expect(second.seen).toContain('tools/call');
});
