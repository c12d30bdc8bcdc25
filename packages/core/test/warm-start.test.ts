import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Host } from '../src/host.ts';
import { catalogKey } from '../src/mcp/catalog-file.ts';
import { outcomeText } from '../src/tools.ts';
import { good, hostOf, recording, startAll, stdio } from './support/served.ts';

interface Workbench extends AsyncDisposable {
  readonly cacheFolder: string;
  readonly log: string;
  /** What the server does from its next start on. */
  behave(behaviour: object): Promise<void>;
  /** Runs `work` with a host of its own, and returns what the server heard. */
  run(work: (host: Host) => Promise<void>, settings?: object): Promise<string[]>;
  cacheFiles(): Promise<string[]>;
}

async function createWorkbench(era: string): Promise<Workbench> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-core-'));
  const cacheFolder = join(folder, 'cache');
  const log = join(folder, 'heard.txt');
  const behave = (behaviour: object): Promise<void> => writeFile(`${log}.json`, JSON.stringify(behaviour));
  await behave({ era, tools: ['one'] });
  return {
    cacheFolder,
    log,
    behave,
    async run(work, settings = {}) {
      await writeFile(log, '');
      {
        await using host = hostOf({ s: recording(log) }, { cacheFolder, ...settings });
        await work(host);
      }
      return (await readFile(log, 'utf8')).trim().split('\n');
    },
    async cacheFiles() {
      const names = await readdir(cacheFolder);
      return names.filter((name) => name.endsWith('.json')).map((name) => join(cacheFolder, name));
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

async function callOnce(host: Host): Promise<void> {
  await startAll(host);
  expect(host.servers()[0]?.state.kind).toBe('ready');
  expect(outcomeText(await host.tools.callTool('s__one', {}))).toBe('done');
}

test.for([
  ['modern', ['server/discover'], []],
  [
    'legacy',
    ['server/discover', 'initialize', 'notifications/initialized'],
    ['initialize', 'notifications/initialized'],
  ],
] as const)(
  'a %s server that is remembered is started once and asked nothing about its era',
  async ([era, cold, warm]) => {
    await using bench = await createWorkbench(era);
    expect(await bench.run(callOnce)).toEqual(['start', ...cold, 'tools/list', 'tools/call']);
    const heard = await bench.run(callOnce);
    expect(heard.filter((line) => line !== 'tools/list' && line !== 'tools/call')).toEqual([
      'start',
      ...warm,
    ]);
    expect(heard.toSorted().slice(-2)).toEqual(['tools/call', 'tools/list']);
  },
);

test.concurrent.for([
  ['that still takes the older handshake', 'both', ['notifications/initialized']],
  ['that takes none any more', 'modern', []],
] as const)(
  'a server of the newer era %s when it is up at last starts once, and is known for what it is the next time',
  async ([, era, greeted]) => {
    await using bench = await createWorkbench(era);
    await bench.behave({ era, tools: ['one'], isSlow: true });
    expect(await bench.run(callOnce)).toEqual([
      'start',
      'server/discover',
      'initialize',
      ...greeted,
      'tools/list',
      'tools/call',
    ]);
    await bench.behave({ era, tools: ['one'] });
    const heard = await bench.run(callOnce);
    expect(heard.toSorted()).toEqual(['start', 'tools/call', 'tools/list']);
  },
);

test('a lazy server that is remembered lists its tools and starts with the first call', async () => {
  await using bench = await createWorkbench('both');
  await bench.run(callOnce);
  const heard = await bench.run(
    async (host) => {
      await startAll(host);
      expect(host.servers()).toMatchObject([{ state: { kind: 'idle' }, tools: [{ name: 's__one' }] }]);
      expect(await readFile(bench.log, 'utf8')).toBe('');
      await host.tools.callTool('s__one', {});
    },
    { start: 'lazy' },
  );
  expect(heard.filter((line) => line === 'start')).toHaveLength(1);
});

test('a lazy server that nobody remembers is started to learn its tools', async () => {
  await using bench = await createWorkbench('both');
  await bench.run(
    async (host) => {
      await startAll(host);
      expect(host.tools.listTools()).toMatchObject([{ name: 's__one' }]);
    },
    { start: 'lazy' },
  );
});

test.for([
  ['legacy', 'modern'],
  ['modern', 'legacy'],
  ['both', 'legacy'],
  ['modern', 'legacy-exit'],
] as const)('a server that was %s and is %s now is found out within one start', async ([before, now]) => {
  await using bench = await createWorkbench(before);
  await bench.run(callOnce);
  await bench.behave({ era: now, tools: ['one'] });
  await bench.run(callOnce);
  const third = await bench.run(callOnce);
  expect(third.filter((line) => line === 'start')).toHaveLength(1);
  expect(third).not.toContain('server/discover');
});

test('tools that changed between two runs are found out in the background, and remembered', async () => {
  await using bench = await createWorkbench('both');
  await bench.run(callOnce);
  await bench.behave({ era: 'both', tools: ['one', 'two'] });
  const names = (host: Host): string[] => host.tools.listTools().map(({ tool }) => tool);
  await bench.run(async (host) => {
    await startAll(host);
    await expect.poll(() => names(host), { timeout: 10_000 }).toEqual(['one', 'two']);
  });
  await bench.run(
    async (host) => {
      await startAll(host);
      expect(names(host)).toEqual(['one', 'two']);
    },
    { start: 'lazy' },
  );
});

test('a remembered server that does not start any more is down, not ready, and its tools stay listed', async () => {
  await using bench = await createWorkbench('modern');
  await bench.run(callOnce);
  await bench.behave({ era: 'modern', tools: ['one'], crash: true });
  await bench.run(async (host) => {
    await startAll(host);
    expect(host.servers()[0]?.state).toMatchObject({
      kind: 'down',
      reason: expect.stringContaining('no more'),
    });
    expect(host.tools.listTools()).toMatchObject([{ name: 's__one' }]);
    expect(outcomeText(await host.tools.callTool('s__one', {}))).toMatch(/^Server "s" is down: /);
  });
});

test.for([
  ['cut off', (text: string) => text.slice(0, text.length / 2)],
  ['empty', () => ''],
  ['of another format', (text: string) => text.replace('"format":1', '"format":0')],
  [
    'nonsense',
    () => '{"format":1,"verdict":{"kind":"modern","discover":7},"probedAt":1,"identity":"x","tools":[]}',
  ],
  [
    'of strange tools',
    () => '{"format":1,"verdict":{"kind":"legacy"},"probedAt":1,"identity":"x","tools":[3]}',
  ],
] as const)('a file that is %s is as good as none, and is written anew', async ([, spoil]) => {
  await using bench = await createWorkbench('both');
  await bench.run(callOnce);
  const [file = ''] = await bench.cacheFiles();
  const right = await readFile(file, 'utf8');
  await writeFile(file, spoil(right));
  expect(await bench.run(callOnce)).toEqual(['start', 'server/discover', 'tools/list', 'tools/call']);
  const { probedAt: _was, ...before } = JSON.parse(right);
  const { probedAt: _is, ...after } = JSON.parse(await readFile(file, 'utf8'));
  expect(after).toEqual(before);
});

test.for(['mkfifo', 'mkdir'])('what is no file is not read (%s)', async (make) => {
  await using bench = await createWorkbench('both');
  await bench.run(callOnce);
  const [file = ''] = await bench.cacheFiles();
  await rm(file);
  execFileSync(make, [file]);
  await bench.run(callOnce);
});

test('a tool that cannot be remembered harms nobody', async () => {
  const depth = 20_000;
  const program = `
    const schema = '{"properties":'.repeat(${depth}) + '{}' + '}'.repeat(${depth});
    require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const { id, method } = JSON.parse(line);
      if (id === undefined) return;
      const result = method === 'initialize'
        ? '{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"deep","version":"1"}}'
        : '{"tools":[{"name":"one","inputSchema":' + schema + '}]}';
      console.log('{"jsonrpc":"2.0","id":' + id + ',"result":' + result + '}');
    });`;
  await using bench = await createWorkbench('both');
  const { cacheFolder } = bench;
  await using host = hostOf(
    { s: stdio(process.execPath, ['-e', program]) },
    { cacheFolder, protocol: 'legacy' },
  );
  await startAll(host);
  expect(host.servers()).toMatchObject([{ state: { kind: 'ready' }, tools: [{ tool: 'one' }] }]);
});

test('after a day an older server is asked again whether it speaks the newer era', async () => {
  await using bench = await createWorkbench('legacy');
  await bench.run(callOnce);
  const [file = ''] = await bench.cacheFiles();
  const remembered = JSON.parse(await readFile(file, 'utf8'));
  const age = 25 * 3_600_000;
  await writeFile(file, JSON.stringify({ ...remembered, probedAt: Date.now() - age }));
  expect(await bench.run(callOnce)).toContain('server/discover');
  expect(await bench.run(callOnce)).not.toContain('server/discover');
});

test('four hosts at once leave one whole file, which only its owner can read', async () => {
  await using bench = await createWorkbench('both');
  await writeFile(bench.log, '');
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      await using host = hostOf({ s: recording(bench.log) }, { cacheFolder: bench.cacheFolder });
      await callOnce(host);
    }),
  );
  const files = await bench.cacheFiles();
  expect(files).toHaveLength(1);
  const [file = ''] = files;
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ format: 1, tools: [{ name: 'one' }] });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('without a folder, and with one that cannot be written, servers start all the same', async () => {
  await using bench = await createWorkbench('both');
  await bench.run(callOnce, { cacheFolder: undefined });
  await expect(bench.cacheFiles()).rejects.toThrow('ENOENT');
  await bench.run(callOnce, { cacheFolder: join(bench.log, 'below-a-file') });
});

test('whatever decides what is launched decides which memory it has', () => {
  const launch = { kind: 'stdio', command: 'node', args: ['a'], env: { A: '1' }, cwd: '/' } as const;
  const url = (href: string) => ({ kind: 'http', url: new URL(href), headers: {} }) as const;
  const transports = [
    launch,
    { ...launch, args: ['b'] },
    { ...launch, args: ['a', ''] },
    { ...launch, env: { A: '2' } },
    { ...launch, cwd: '/tmp' },
    { ...launch, command: 'deno' },
    url('http://a/mcp'),
    url('http://a/mcp?key=1'),
    { ...url('http://a/mcp'), kind: 'sse' as const },
    { ...url('http://a/mcp'), headers: { Authorization: 'Bearer x' } },
  ];
  const keys = transports.flatMap((transport) => [
    catalogKey({ transport, protocol: 'auto' }),
    catalogKey({ transport, protocol: 'legacy' }),
  ]);
  expect(new Set(keys).size).toBe(keys.length);
  expect(catalogKey({ transport: { ...launch }, protocol: 'auto' })).toBe(keys[0]);
  // A secret is not to be read off the file's name.
  expect(keys.every((key) => /^(?:[0-9a-f]{16}){1,2}$/.test(key))).toBe(true);
});

test.for(['legacy', 'auto'] as const)(
  'a server that gets another tool while it runs has it listed (%s)',
  async (protocol) => {
    await using host = hostOf({ good: good() }, { protocol });
    await startAll(host);
    expect(host.tools.listTools().some(({ tool }) => tool === 'grown')).toBe(false);
    await host.tools.callTool('good__grow', {});
    await expect
      .poll(() => host.tools.listTools().some(({ tool }) => tool === 'grown'), { timeout: 10_000 })
      .toBe(true);
  },
);

test('a server without tools is ready, and nothing is printed about it', async () => {
  const program = `
    const serverInfo = { name: 'bare', version: '1' };
    require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const { id, method } = JSON.parse(line);
      if (id === undefined) return;
      const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo };
      const error = { code: -32601, message: 'Method not found' };
      console.log(JSON.stringify({ jsonrpc: '2.0', id, ...(method === 'initialize' ? { result } : { error }) }));
    });`;
  await using host = hostOf({ s: stdio(process.execPath, ['-e', program]) });
  await startAll(host);
  expect(host.servers()).toMatchObject([{ state: { kind: 'ready' }, tools: [] }]);
});
