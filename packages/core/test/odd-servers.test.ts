import { expect, test } from 'vitest';
import type { TransportConfig } from '../src/config/host-config.ts';
import { outcomeText } from '../src/tools.ts';
import { hostOf, startAll, stdio, untilState } from './support/served.ts';

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
      const answer = usual[method] ? { result: usual[method](params, id) } : { error };
      process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...answer }) + '\\n');
    });`;
  return stdio(process.execPath, ['-e', program]);
}

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

test('a server that refuses the handshake is down for what it said', async () => {
  const refusing = `{ initialize: undefined }`;
  await using host = hostOf({ odd: oddServer(refusing) });
  await startAll(host);
  expect(host.servers()[0]?.state).toMatchObject({
    kind: 'down',
    reason: expect.stringContaining('Method not found'),
  });
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
  expect(reason).toMatch(/^the server ended \(killed by SIGKILL\)(: Error: the last words)?$/);
  expect(reason.length).toBeLessThan(400);
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

test.for([
  ['its ids as texts', `({ ...message, id: String(message.id) })`, ''],
  ['an error of null beside its results', `({ ...message, error: null })`, ''],
  ['its answers in batches', `[{ jsonrpc: '2.0', method: 'notifications/x' }, message]`, ''],
  ['a byte order mark before all else', 'message', String.raw`\uFEFF`],
])('a server that sends %s is understood', async ([, frame, first]) => {
  const program = `
    process.stdout.write('${first}');
    const { log } = console;
    process.stdout.write = new Proxy(process.stdout.write, {
      apply: (write, stream, [line]) => {
        const message = JSON.parse(line);
        return write.call(stream, JSON.stringify(${frame}) + '\\n');
      },
    })`;
  await using host = hostOf(
    { odd: oddServer(`(() => { ${program}; return {}; })()`) },
    { protocol: 'legacy' },
  );
  await startAll(host);
  expect(outcomeText(await host.tools.callTool('odd__echo', {}))).toBe('done');
});

test('a list whose end is an empty cursor has an end', async () => {
  const list = `{ 'tools/list': () => ({ tools: [tool], nextCursor: '' }) }`;
  await using host = hostOf({ odd: oddServer(list) });
  await startAll(host);
  expect(host.tools.listTools()).toMatchObject([{ name: 'odd__echo' }]);
});

test('a server that changes its tools all the time has them listed anew all the same', async () => {
  const restless = `(() => {
    const say = () =>
      process.stdout.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }) + '\\n');
    const greet = usual.initialize;
    let lists = 0;
    return {
      initialize: () => ({ ...greet(), capabilities: { tools: { listChanged: true } } }),
      'tools/list': () => {
        if (lists === 0) setInterval(say, 20);
        return { tools: [{ ...tool, name: 'tool-' + (lists += 1) }] };
      },
    };
  })()`;
  await using host = hostOf({ odd: oddServer(restless) });
  await startAll(host);
  await expect.poll(() => host.tools.listTools()[0]?.name, { timeout: 10_000 }).toBe('odd__tool-3');
});

test('notifications that are not as they should be harm nobody', async () => {
  const wrong = `{ 'tools/call': () => {
    for (const method of ['message', 'progress', 'tools/list_changed', 'cancelled'])
      for (const params of [null, 7, [], {}, { level: 'error' }, { level: 7, data: 1 }, { progressToken: {}, progress: 1 }])
        process.stdout.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/' + method, params }) + '\\n');
    return { content: [{ type: 'text', text: 'done' }] };
  } }`;
  await using host = hostOf({ odd: oddServer(wrong) }, { logLevel: 'debug' });
  await startAll(host);
  for (const _ of [1, 2]) expect(outcomeText(await host.tools.callTool('odd__echo', {}))).toBe('done');
  expect(host.servers()[0]?.state.kind).toBe('ready');
});

test('half a character in what a server says of a tool or of a failure reaches no model', async () => {
  const broken = String.raw`{
    'tools/list': () => ({ tools: [
      { ...tool, description: 'a\ud800' }, { ...tool, name: 'cut', description: 'x'.repeat(4095) + '😀' },
    ] }),
    'tools/call': (params, id) => {
      process.stdout.write('{"jsonrpc":"2.0","id":' + id + ',"error":{"code":1,"message":"bad \\ud800"}}\n');
    },
  }`;
  await using host = hostOf({ odd: oddServer(broken) });
  await startAll(host);
  const texts = host.tools.listTools().map(({ description }) => description ?? '');
  expect(texts.map((text) => text.isWellFormed())).toEqual([true, true]);
  expect(outcomeText(await host.tools.callTool('odd__echo', {}))).toBe('bad \uFFFD');
});

test('a result that is no result is an error that the model reads', async () => {
  await using host = hostOf({ odd: oddServer(`{ 'tools/call': () => ({ content: 'text', isError: 7 }) }`) });
  await startAll(host);
  expect(await host.tools.callTool('odd__echo', {})).toMatchObject({ isError: true });
  expect(host.servers()[0]?.state.kind).toBe('ready');
});
