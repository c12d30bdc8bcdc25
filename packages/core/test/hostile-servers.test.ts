import { expect, test } from 'vitest';
import type { Host } from '../src/host.ts';
import { AnswerQueue, MAX_WAITING_BYTES } from '../src/mcp/wire/answer-queue.ts';
import { outcomeText } from '../src/tools.ts';
import { isAlive } from './support/processes.ts';
import { hostOf, startAll, stdio, untilState } from './support/served.ts';

/** A server of 2025-11-25 in a line, which does `then` with each call, at `id`, and may `say` whatever it wants. */
function hostile(then: string, started = ''): ReturnType<typeof stdio> {
  const program = `
    const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
    const text = (text) => ({ content: [{ type: 'text', text: String(text) }] });
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    const tool = { name: 'echo', inputSchema: { type: 'object' } };
    let lists = 0;
    const usual = {
      initialize: {
        protocolVersion: '2025-11-25', serverInfo: { name: 'hostile', version: '1' },
        capabilities: { tools: { listChanged: true }, logging: {}, resources: {} },
      },
      ping: {}, 'logging/setLevel': {}, 'resources/list': { resources: [] }, 'tools/list': { tools: [tool] },
    };
    const lines = require('readline').createInterface({ input: process.stdin });
    lines.on('line', (line) => {
      const { id, method, params } = JSON.parse(line);
      if (id === undefined || !method) return;
      if (method === 'tools/call') { ${then} }
      else if (method === 'tools/list' && (lists += 1) === 2) say({ id, error: { code: -1, message: 'not now' } });
      else if (usual[method]) say({ id, result: usual[method] });
      else say({ id, error: { code: -32601, message: 'Method not found' } });
    });
    ${started}`;
  return stdio(process.execPath, ['-e', program]);
}

const call = async (host: Host, args = {}): Promise<string> =>
  outcomeText(await host.tools.callTool('s__echo', args));

const reasonOf = (host: Host): string | undefined => {
  const state = host.servers()[0]?.state;
  return state && 'reason' in state ? state.reason : undefined;
};

test.concurrent('what is nested too deep to be written again ends neither its server nor this process', async () => {
  const then = `
    process.stdout.write('{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":' + deep + '}}\\n');
    process.stdout.write('{"jsonrpc":"2.0","id":7,"result":{"x":' + deep + '}}\\n');
    say({ id, result: text('done') });`;
  await using host = hostOf({ s: hostile(then) }, { protocol: 'legacy', logLevel: 'info' });
  const events = host.events();
  await startAll(host);
  // From now on the SDK's client hears what is for nobody.
  expect(await host.library.listResources()).toEqual({ items: [], failures: [] });
  const log = (async () => {
    for await (const event of events) if (event.type === 'server-log') return event;
    return undefined;
  })();
  expect(await call(host)).toBe('done');
  expect(await log).toMatchObject({ text: '(data that is nested too deep to be shown)' });
  expect(await host.library.listResources()).toEqual({ items: [], failures: [] });
  expect(host.servers()[0]?.state.kind).toBe('ready');
});

test.concurrent('a server that asks without end and reads no answers is given up for that', async () => {
  const then = `
    lines.pause();
    process.stdin.pause();
    const ask = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }) + '\\n';
    const flood = () => { while (process.stdout.write(ask.repeat(1000))); };
    process.stdout.on('drain', flood);
    flood();`;
  await using host = hostOf({ s: hostile(then) }, { protocol: 'legacy' });
  await startAll(host);
  expect(await call(host)).toContain('it asks without reading the answers, of which 64 MiB wait');
});

test('answers that wait are sent in their order, as the server takes those before them', async () => {
  const sent: string[] = [];
  const takes: (() => void)[] = [];
  const queue = new AnswerQueue(
    (message) => {
      sent.push('id' in message ? String(message.id) : '?');
      return new Promise((resolve) => takes.push(resolve));
    },
    () => expect.unreachable(),
  );
  const ids = Array.from({ length: 50 }, (_, id) => id);
  const all = Promise.all(ids.map((id) => queue.send({ jsonrpc: '2.0', id, result: {} })));
  expect(sent).toHaveLength(16);
  for (let index = 0; index < ids.length; index += 1) {
    takes[index]?.();
    // Each that is taken makes room for one.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await all;
  expect(sent).toEqual(ids.map(String));
});

test('answers that are not taken are refused once they are too many', async () => {
  let reason: string | undefined;
  const queue = new AnswerQueue(
    () => new Promise(() => {}),
    (why) => (reason = why),
  );
  const text = 'x'.repeat(MAX_WAITING_BYTES / 4);
  const answers = Array.from({ length: 20 }, (_, id) => queue.send({ jsonrpc: '2.0', id, result: { text } }));
  expect(reason).toBe('it asks without reading the answers, of which 64 MiB wait');
  await expect(answers.at(-1)).rejects.toThrow(reason);
  await expect(queue.send({ jsonrpc: '2.0', id: 21, result: {} })).rejects.toThrow(reason);
  await Promise.allSettled(answers.slice(16));
});

test.concurrent('a server that could not list its tools, and hangs then, is given up all the same', async () => {
  const then = `
    if (params.arguments.hang) setTimeout(() => { for (;;); }, 0);
    else { say({ method: 'notifications/tools/list_changed' }); say({ id, result: text('done') }); }`;
  await using host = hostOf({ s: hostile(then) }, { protocol: 'legacy', timeoutMs: 500 });
  await startAll(host);
  const isDegraded = untilState(host, 'degraded');
  expect(await call(host)).toBe('done');
  await isDegraded;
  const isDown = untilState(host, 'down');
  expect(await call(host, { hang: true })).toContain('gave no answer in 0.5 s');
  await isDown;
  expect(reasonOf(host)).toBe('echo gave no answer in 0.5 s, nor any sign of life since');
});

test.concurrent('a server that was in doubt and gives a sign of life is ready', async () => {
  const then = `say({ method: 'notifications/tools/list_changed' }); say({ id, result: text('done') });`;
  await using host = hostOf({ s: hostile(then) }, { protocol: 'legacy' });
  await startAll(host);
  const isDegraded = untilState(host, 'degraded');
  expect(await call(host)).toBe('done');
  await isDegraded;
  expect(await host.check('s')).toMatchObject({ state: { kind: 'ready' } });
});

test.concurrent('a server that knows no question about itself gives a sign of life by saying so', async () => {
  const then = `usual.ping = undefined; say({ id, result: text(process.pid) });`;
  await using host = hostOf({ s: hostile(then) }, { protocol: 'legacy' });
  await startAll(host);
  const pid = await call(host);
  expect(await host.check('s')).toMatchObject({ state: { kind: 'ready' }, answerMs: expect.any(Number) });
  expect(await call(host)).toBe(pid);
});

test.runIf(process.platform !== 'win32')(
  'the end of a server is noticed while a child of it goes on writing to its output',
  async () => {
    const then = `
      const loop = 'while :; do echo noise; sleep 0.05; done';
      const options = { stdio: ['ignore', 'inherit', 'ignore'] };
      const child = require('child_process').spawn('sh', ['-c', loop], options);
      say({ id, result: text(child.pid) });
      setTimeout(() => process.exit(3), 20);`;
    await using host = hostOf({ s: hostile(then) }, { protocol: 'legacy' });
    await startAll(host);
    const isDown = untilState(host, 'down');
    const pid = Number(await call(host));
    await isDown;
    expect(reasonOf(host)).toBe('the server ended (exit code 3)');
    expect(isAlive(pid)).toBe(false);
  },
);
