import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { outcomeText } from '../src/tools.ts';
import { closedPort } from './support/closed-port.ts';
import { DEFAULTS, faulty, good, hostOf, startAll, stdio } from './support/served.ts';

test.concurrent('one good server works at once beside three that are missing, crash, and never answer', async () => {
  await using host = hostOf(
    {
      missing: stdio('no-such-command-anywhere', []),
      crashes: faulty('crash-at-start'),
      silent: faulty('silent'),
      good: good(),
    },
    { startTimeoutMs: 4000 },
  );
  const order: string[] = [];
  let sum: unknown;
  for await (const { server, state } of host.start()) {
    order.push(server);
    if (state.kind === 'ready') sum = await host.tools.callTool('good__add', { a: 2, b: 3 });
  }
  expect(sum).toMatchObject({ isError: false, structured: { sum: 5 } });
  // The silent one settles last, long after the good one has answered.
  expect(order.at(-1)).toBe('silent');

  const states = Object.fromEntries(host.servers().map(({ server, state }) => [server, state]));
  expect(states['missing']).toMatchObject({
    kind: 'down',
    reason: '"no-such-command-anywhere" is not on PATH',
  });
  expect(states['crashes']).toMatchObject({ kind: 'down', reason: expect.stringMatching(/^\w*Error: /) });
  expect(states['silent']).toMatchObject({
    kind: 'down',
    reason: expect.stringContaining('no answer in time'),
  });
  expect(states['good']).toMatchObject({
    kind: 'ready',
    protocol: '2026-07-28',
    identity: 'good-server 1.2.3',
  });
});

test('a folder that is not there is not mistaken for a command that is not', async () => {
  await using host = hostOf({
    s: { kind: 'stdio', command: 'node', args: [], env: {}, cwd: '/no/such/folder' },
  });
  await startAll(host);
  expect(host.servers()[0]?.state).toMatchObject({ reason: 'its folder /no/such/folder does not exist' });
  await using other = hostOf({
    s: { kind: 'stdio', command: 'node', args: [], env: {}, cwd: import.meta.filename },
  });
  await startAll(other);
  expect(other.servers()[0]?.state).toMatchObject({
    reason: `its folder ${import.meta.filename} is no folder`,
  });
});

test.for([
  ['auto', '2026-07-28'],
  ['legacy', '2025-11-25'],
  ['2026-07-28', '2026-07-28'],
] as const)('protocol %s speaks %s with a server of both eras', async ([protocol, spoken]) => {
  await using host = hostOf({ good: good() }, { protocol });
  await startAll(host);
  expect(host.servers()[0]?.state).toMatchObject({ kind: 'ready', protocol: spoken });
  expect(await host.tools.callTool('good__add', { a: 1, b: 1 })).toMatchObject({ structured: { sum: 2 } });
});

test.concurrent.for(['error', 'silence', 'exit'])(
  'an older server that answers the question of eras by %s is spoken to',
  async (answer) => {
    await using host = hostOf({ old: faulty('legacy-only', answer) });
    await startAll(host);
    expect(host.servers()[0]?.state).toMatchObject({ kind: 'ready', protocol: '2025-11-25' });
  },
);

test('a tool list in pages is read to its end', async () => {
  await using host = hostOf({ s: faulty('paged') });
  await startAll(host);
  expect(host.tools.listTools().length).toBeGreaterThan(1);
});

test('a server whose list of tools fails is down, and says so', async () => {
  await using host = hostOf({ s: faulty('bad-list') });
  await startAll(host);
  expect(host.servers()[0]?.state).toMatchObject({ kind: 'down' });
});

test('strange tool names all reach the model, each under a name of its own', async () => {
  await using host = hostOf({ s: faulty('many-tools', '200') });
  await startAll(host);
  const names = host.tools.listTools().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toHaveLength(200);
  expect(names).toEqual(names.toSorted());
});

test('a server that dies during a call is down, keeps its tools listed, and its calls say why', async () => {
  await using host = hostOf({ s: faulty('crash-on-call') });
  await startAll(host);
  const before = host.tools.listTools();
  const name = before[0]?.name ?? '';
  const first = await host.tools.callTool(name, {});
  expect(first).toMatchObject({ isError: true });
  expect(outcomeText(first)).toMatch(/^Server "s" is down: the server ended \(exit code \d+\)/);
  expect(host.tools.listTools()).toEqual(before);
  expect(outcomeText(await host.tools.callTool(name, {}))).toMatch(
    /^Server "s" is down: the server ended \(exit code \d+\): .* It can be tried again in 1 s\.$/,
  );
});

test('a server that was killed is down with the signal, and comes back when told to', async () => {
  await using host = hostOf({ good: good() });
  await startAll(host);
  const pid = Number(outcomeText(await host.tools.callTool('good__pid', {})));
  const waiting = host.tools.callTool('good__wait', {});
  // Until the call has arrived it could be sent again to the server that comes after.
  await expect
    .poll(async () => outcomeText(await host.tools.callTool('good__waiting', {})), { timeout: 10_000 })
    .toBe('1');
  process.kill(pid, 'SIGKILL');
  expect(outcomeText(await waiting)).toBe(
    'Server "good" is down: the server ended (killed by SIGKILL). ' +
      'Its outcome is unknown: wait may have taken effect or not. Find out before calling it again.',
  );
  expect(await host.restart('good')).toMatchObject({ state: { kind: 'ready' } });
  expect(await host.tools.callTool('good__add', { a: 1, b: 2 })).toMatchObject({ structured: { sum: 3 } });
});

test('a call that takes too long is cancelled, and its outcome is said to be unknown', async () => {
  await using host = hostOf({ good: good() }, { timeoutMs: 300 });
  await startAll(host);
  const late = await host.tools.callTool('good__wait', {});
  expect(late).toMatchObject({
    isError: true,
    structured: { error: { code: 'OUTCOME_UNKNOWN', server: 'good', tool: 'wait' } },
  });
  expect(outcomeText(late)).toMatch(
    /^good › wait gave no answer in 0\.3 s and was cancelled\. Its outcome is unknown/,
  );
  expect(await host.tools.callTool('good__add', { a: 1, b: 2 })).toMatchObject({ structured: { sum: 3 } });
});

test('an aborted call rejects with the reason and leaves the server connected', async () => {
  await using host = hostOf({ good: good() });
  await startAll(host);
  const abort = new AbortController();
  const call = host.tools.callTool('good__wait', {}, abort.signal);
  abort.abort(new Error('enough'));
  await expect(call).rejects.toThrow('enough');
  expect(await host.tools.callTool('good__add', { a: 1, b: 2 })).toMatchObject({ structured: { sum: 3 } });
});

test('a tool that is unknown because its server is down is not taken for one that never was', async () => {
  await using host = hostOf({ math: stdio('no-such-command-anywhere', []), good: good() });
  await startAll(host);
  expect(outcomeText(await host.tools.callTool('math__add', {}))).toBe(
    'There is no tool named "math__add". Servers that are down, with their tools: ' +
      'math ("no-such-command-anywhere" is not on PATH).',
  );
});

test("a model's keys never reach a server, and what its configuration names does", async () => {
  const env = {
    PATH: process.env['PATH'],
    OPENAI_API_KEY: 'sk-secret',
    ANTHROPIC_API_KEY: 'secret',
    LANG: 'C.UTF-8',
    SSL_CERT_FILE: '/etc/company.pem',
  };
  const { createHost } = await import('../src/host.ts');
  const servers = [{ ...DEFAULTS, name: 'good', transport: good({ MINE: 'yes' }) }];
  await using host = createHost({ source: 'test', servers }, { env, client: { name: 'test', version: '1' } });
  await startAll(host);
  const seen = outcomeText(await host.tools.callTool('good__environment', {}));
  expect(seen).not.toMatch(/secret|API_KEY/);
  expect(JSON.parse(seen)).toMatchObject({ MINE: 'yes', LANG: 'C.UTF-8', SSL_CERT_FILE: '/etc/company.pem' });
});

test('every kind of content becomes something that a model can read', async () => {
  await using host = hostOf({ good: good() });
  await startAll(host);
  expect((await host.tools.callTool('good__mixed', {})).content).toEqual([
    { type: 'text', text: 'hello' },
    { type: 'image', mimeType: 'image/png', data: 'iVBORw0KGgo=' },
    { type: 'file', mimeType: 'audio/wav', data: 'UklGRg==' },
    { type: 'text', text: 'inside' },
    { type: 'text', text: '[resource file:///b.txt, b]' },
  ]);
  expect(outcomeText(await host.tools.callTool('good__nothing', {}))).toContain('returned no content');
});

test('an address where nothing listens, and one that is no MCP server, are told apart', async () => {
  await using http = createServer((_request, response) => response.writeHead(500).end('oops'));
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const at = (url: string) => ({ kind: 'http', url: new URL(url), headers: {} }) as const;
  const closed = await closedPort();
  await using host = hostOf({
    none: at(`http://127.0.0.1:${closed}/mcp`),
    wrong: at(`http://127.0.0.1:${port}/mcp`),
  });
  await startAll(host);
  const [none, wrong] = host.servers();
  expect(none?.state).toMatchObject({ kind: 'down', reason: `nothing listens at 127.0.0.1:${closed}` });
  expect(wrong?.state).toMatchObject({ kind: 'down', reason: expect.stringContaining('500') });
});
