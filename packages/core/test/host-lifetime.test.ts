import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { TransportConfig } from '../src/config/host-config.ts';
import type { Host } from '../src/host.ts';
import { openSession } from '../src/mcp/open-session.ts';
import { outcomeText } from '../src/tools.ts';
import { isAlive } from './support/processes.ts';
import { DEFAULTS, faulty, good, hostOf, startAll } from './support/served.ts';

async function pidsOf(host: Host): Promise<number[]> {
  const text = outcomeText(await host.tools.callTool('s__pids', {}));
  return (/^\d+ \d+/.exec(text)?.[0] ?? '').split(' ').map(Number);
}

test.concurrent('a restart lets the process before it end first, whoever calls meanwhile', async () => {
  await using host = hostOf({ s: faulty('ignores-sigterm') });
  await startAll(host);
  const before = await pidsOf(host);
  const restarts = [host.restart('s'), host.restart('s')];
  const after = await pidsOf(host);
  expect(before.filter(isAlive)).toEqual([]);
  expect(await Promise.all(restarts)).toMatchObject([
    { state: { kind: 'ready' } },
    { state: { kind: 'ready' } },
  ]);
  expect(await pidsOf(host)).toEqual(after);
});

test.concurrent('a host that is closed in the middle of a restart has ended both processes', async () => {
  const host = hostOf({ s: faulty('ignores-sigterm') });
  await startAll(host);
  const before = await pidsOf(host);
  const restarted = host.restart('s');
  await host[Symbol.asyncDispose]();
  expect(before.filter(isAlive)).toEqual([]);
  expect(await restarted).toMatchObject({ state: { kind: 'idle' } });
});

test.concurrent('whoever closes a connection that another is giving up waits until its process has ended', async () => {
  const config = { ...DEFAULTS, name: 's', transport: faulty('ignores-sigterm') };
  const { signal } = new AbortController();
  const client = { name: 'test', version: '1' };
  const opening = await openSession(config, { env: process.env, client, abilities: {}, signal });
  if (opening.kind === 'failed') throw new Error(opening.failure.reason);
  const { session } = opening;
  const answer = await session.callTool({ name: 'pids', arguments: {} }, { timeoutMs: 20_000 });
  const pids = (/\d+ \d+/.exec(JSON.stringify(answer))?.[0] ?? '').split(' ').map(Number);
  expect(pids.filter(isAlive)).toEqual(pids);
  const givenUp = session.abandon('it does not read any more');
  await session.close();
  expect(pids.filter(isAlive)).toEqual([]);
  expect(await givenUp).toEqual({ reason: 'the server ended (killed by SIGKILL)' });
});

test.concurrent('a host that is closed starts nothing any more', async () => {
  const host = hostOf({ good: good() });
  await startAll(host);
  await host[Symbol.asyncDispose]();
  expect(await host.restart('good')).toMatchObject({ state: { kind: 'idle' } });
  await expect(host.withSession('good', () => Promise.resolve())).rejects.toMatchObject({
    code: 'SERVER_UNAVAILABLE',
    message: 'good did not start: its host is closed',
  });
  expect(outcomeText(await host.tools.callTool('good__add', { a: 1, b: 2 }))).toBe(
    'Server "good" is not connected.',
  );
  await host[Symbol.asyncDispose]();
});

test.concurrent('a host that gets other servers ends those that are gone or changed, and leaves the others alone', async () => {
  const remote = (path: string) =>
    ({ kind: 'http', url: new URL(path, 'http://127.0.0.1:1'), headers: {} }) as const;
  const server = (name: string, transport: TransportConfig) => ({ ...DEFAULTS, name, transport });
  await using host = hostOf({
    s: faulty('ignores-sigterm'),
    same: good(),
    moved: remote('/a'),
    gone: good(),
  });
  await startAll(host);
  const ended = await pidsOf(host);
  const [, same] = host.servers();
  const next = [
    server('new', good()),
    server('same', good()),
    server('moved', remote('/b')),
    server('s', good()),
  ];
  expect(await host.configure(next)).toEqual({ added: ['new'], changed: ['moved', 's'], removed: ['gone'] });
  expect(ended.filter(isAlive)).toEqual([]);
  expect(host.servers().map(({ server: name, state }) => [name, state.kind])).toEqual([
    ['new', 'idle'],
    ['same', 'ready'],
    ['moved', 'idle'],
    ['s', 'idle'],
  ]);
  expect(host.servers()[1]).toEqual(same);
  await startAll(host);
  expect(new Set(host.tools.listTools().map((tool) => tool.server))).toEqual(new Set(['new', 's', 'same']));
  expect(outcomeText(await host.tools.callTool('new__add', { a: 1, b: 2 }))).toBe('3');
  expect(await host.configure(next)).toEqual({ added: [], changed: [], removed: [] });

  await host[Symbol.asyncDispose]();
  expect(await host.configure([])).toEqual({ added: [], changed: [], removed: [] });
});

test.concurrent('who reads events has all of them to the end of the host, and is then at the end', async () => {
  const host = hostOf({ good: good() });
  const kinds = (async () => {
    const events = await Array.fromAsync(host.events());
    return events.flatMap((event) => (event.type === 'server-state' ? [event.status.state.kind] : []));
  })();
  await startAll(host);
  await host[Symbol.asyncDispose]();
  expect(await kinds).toEqual(['connecting', 'ready', 'idle']);
  expect(await Array.fromAsync(host.events())).toEqual([]);
});

test.concurrent('an address that cannot be read makes its own server down, and no other', async () => {
  const url = new URL('http://100%:secret@127.0.0.1:1/mcp');
  await using host = hostOf({ bad: { kind: 'http', url, headers: {} }, good: good() });
  await startAll(host);
  expect(host.servers()).toMatchObject([
    { state: { kind: 'down', reason: 'URI malformed' } },
    { state: { kind: 'ready' } },
  ]);
});

test.concurrent('a program that may open no other file lives on, and says why its servers do not', async () => {
  const program = fileURLToPath(new URL('./fixtures/few-files.ts', import.meta.url));
  const script = 'ulimit -n 200; exec "$0" --conditions=@patchbay/source "$1"';
  const { stdout } = await promisify(execFile)('sh', ['-c', script, process.execPath, program]);
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'down',
    reason: 'this program may start no other process (EMFILE)',
    retryAt: expect.any(Number),
  });
});
