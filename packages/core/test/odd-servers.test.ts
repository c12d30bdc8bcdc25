import { expect, test } from 'vitest';
import type { TransportConfig } from '../src/config/host-config.ts';
import { outcomeText } from '../src/tools.ts';
import { isAlive } from './support/processes.ts';
import { good, hostOf, startAll, stdio, untilState } from './support/served.ts';

/** A server of 2025-11-25 in a line: `odd` overrides its answers by method, and may do anything besides. */
function oddServer(odd: string): TransportConfig {
  const program = `
    const tool = { name: 'echo', inputSchema: { type: 'object' } };
    const usual = {
      initialize: () => ({
        protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'odd', version: '1' },
      }),
      'tools/list': () => ({ tools: [tool] }),
      'tools/call': () => ({ content: [{ type: 'text', text: 'done' }] }),
    };
    Object.assign(usual, ${odd});
    require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const { id, method, params } = JSON.parse(line);
      if (id === undefined) return;
      const error = { code: -32601, message: 'Method not found' };
      const answer = usual[method] ? { result: usual[method](params) } : { error };
      process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...answer }) + '\\n');
    });`;
  return stdio(process.execPath, ['-e', program]);
}

test('a list of tools that never ends is given up, and says so', async () => {
  const pages = `{ 'tools/list': (params) => ({ tools: [], nextCursor: String(Number(params?.cursor ?? 0) + 1) }) }`;
  await using host = hostOf({ odd: oddServer(pages), good: good() });
  await startAll(host);
  expect(host.servers()[0]?.state).toMatchObject({
    kind: 'down',
    reason: expect.stringContaining('it cannot list its tools'),
  });
  expect(await host.tools.callTool('good__add', { a: 1, b: 2 })).toMatchObject({ structured: { sum: 3 } });
});

test('a server that stops reading is heard out before it is said why it is down', async () => {
  await using host = hostOf({
    late: stdio('sh', ['-c', 'exec 0<&-; sleep 0.3; echo "Error: late words" >&2; exit 1']),
    deaf: stdio('sh', ['-c', 'exec 0<&-; sleep 100']),
  });
  await startAll(host);
  expect(host.servers().map(({ state }) => state)).toMatchObject([
    { kind: 'down', reason: 'Error: late words' },
    { kind: 'down', reason: 'it does not read its input' },
  ]);
});

test('a server of the newer era that starts slower than the question of eras waits is found out', async () => {
  // Deaf for longer than that, it answers by the first message, as the Python SDK does.
  const program = `
    let era;
    setTimeout(() => require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const { id, method } = JSON.parse(line);
      era ??= method === 'initialize' ? 'older' : 'newer';
      if (id === undefined) return;
      const results = {
        'server/discover': { supportedVersions: ['2026-07-28'], capabilities: { tools: {} } },
        'tools/list': { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] },
      };
      const result = { resultType: 'complete', ttlMs: 0, cacheScope: 'private', ...results[method] };
      const error = { code: -32600, message: 'the initialize handshake is not accepted' };
      console.log(JSON.stringify({ jsonrpc: '2.0', id, ...(method === 'initialize' ? { error } : { result }) }));
    }), 3300);`;
  await using host = hostOf({ s: stdio(process.execPath, ['-e', program]) });
  await startAll(host);
  expect(host.servers()).toMatchObject([
    { state: { kind: 'ready', protocol: '2026-07-28' }, tools: [{ tool: 'echo' }] },
  ]);
});

test('a server that refuses the handshake is down for what it said', async () => {
  const refusing = `{ initialize: undefined }`;
  await using host = hostOf({ odd: oddServer(refusing) });
  await startAll(host);
  expect(host.servers()[0]?.state).toMatchObject({
    kind: 'down',
    reason: expect.stringContaining('Method not found'),
  });
});

test('a schema that cannot be used costs its own tool, and no other', async () => {
  const tools = `{
    'tools/list': () => ({ tools: [
      tool,
      { name: 'bad', inputSchema: { type: 'object' }, outputSchema: { type: 'object', properties: { a: { pattern: '(' } } } },
    ] }),
    'tools/call': ({ name }) => ({
      content: [{ type: 'text', text: name }], ...(name === 'bad' ? { structuredContent: { a: 'x' } } : {}),
    }),
  }`;
  await using host = hostOf({ odd: oddServer(tools) });
  await startAll(host);
  expect(host.tools.listTools().map(({ tool }) => tool)).toEqual(['bad', 'echo']);
  expect(outcomeText(await host.tools.callTool('odd__echo', {}))).toBe('echo');
  expect(await host.tools.callTool('odd__bad', {})).toMatchObject({ isError: true });
  expect(host.servers()[0]?.state.kind).toBe('ready');
});

test('a megabyte on standard error in the middle of a call neither stops it nor is kept', async () => {
  const loud = `{ 'tools/call': () => {
    process.stderr.write('x'.repeat(1_000_000) + '\\nError: the last words\\n');
    return { content: [{ type: 'text', text: String(process.pid) }] };
  } }`;
  await using host = hostOf({ odd: oddServer(loud) });
  await startAll(host);
  const pid = Number(outcomeText(await host.tools.callTool('odd__echo', {})));
  const isDown = untilState(host, 'down');
  process.kill(pid, 'SIGKILL');
  await isDown;
  const [status] = host.servers();
  const reason = status?.state.kind === 'down' ? status.state.reason : '';
  expect(reason).toMatch(/^the server ended \(killed by SIGKILL\): (x+|Error: the last words)$/);
  expect(reason.length).toBeLessThan(400);
});

test('a script that is not there is said to be missing', async () => {
  await using host = hostOf({ odd: stdio(process.execPath, ['/no/such/server.mjs']) });
  await startAll(host);
  expect(host.servers()[0]?.state).toMatchObject({
    kind: 'down',
    reason: expect.stringContaining("Cannot find module '/no/such/server.mjs'"),
  });
});

test('a process that a server started in the background ends with it', async () => {
  const child = `{ 'tools/call': () => {
    const { pid } = require('child_process').spawn('sh', ['-c', 'trap "" TERM; sleep 300 & wait'], { stdio: 'ignore' });
    return { content: [{ type: 'text', text: String(pid) }] };
  } }`;
  const host = hostOf({ odd: oddServer(child) });
  await startAll(host);
  const pid = Number(outcomeText(await host.tools.callTool('odd__echo', {})));
  expect(isAlive(pid)).toBe(true);
  await host[Symbol.asyncDispose]();
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
});

test('answers to nobody, answers twice and unknown notifications are let pass', async () => {
  const chatty = `{ 'tools/call': () => {
    const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
    say({ id: 9999, result: {} });
    say({ method: 'notifications/unheard-of', params: {} });
    say({ method: 'notifications/progress', params: { progressToken: 77, progress: 1 } });
    process.stdout.write('{"jsonrpc":"2.0","id"\\nnull\\n[]\\n"text"\\n');
    return { content: [{ type: 'text', text: 'done' }] };
  } }`;
  await using host = hostOf({ odd: oddServer(chatty) });
  await startAll(host);
  for (const _ of [1, 2, 3]) {
    expect(outcomeText(await host.tools.callTool('odd__echo', {}))).toBe('done');
  }
  expect(host.servers()[0]?.state.kind).toBe('ready');
});

test('a result that is no result is an error that the model reads', async () => {
  await using host = hostOf({ odd: oddServer(`{ 'tools/call': () => ({ content: 'text', isError: 7 }) }`) });
  await startAll(host);
  expect(await host.tools.callTool('odd__echo', {})).toMatchObject({ isError: true });
  expect(host.servers()[0]?.state.kind).toBe('ready');
});
