import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../src/config/load-config.ts';
import type { Host } from '../src/host.ts';
import { createHost } from '../src/host.ts';
import type { ToolOutcome } from '../src/tools.ts';
import { outcomeText } from '../src/tools.ts';
import { processesWith } from '../test/support/processes.ts';
import type { HttpProgram } from './support/http-program.ts';
import { startHttpProgram } from './support/http-program.ts';
import { installNodeServers, installPython } from './support/installed-servers.ts';

// Servers that others wrote, all in one host.

const MARK = `INTEROPERABILITY=${process.pid}`;
const [variable = '', value = ''] = MARK.split('=');

let folder: string | undefined;
let host: Host;
let remotes: readonly HttpProgram[] = [];

beforeAll(async () => {
  const [program, python1, python2] = await Promise.all([
    installNodeServers(),
    installPython('requirements-1.txt'),
    installPython('requirements-2.txt'),
  ]);
  const own = await mkdtemp(join(tmpdir(), 'patchbay-interoperability-'));
  folder = own;
  const everything = program('@modelcontextprotocol/server-everything', 'dist/index.js');
  remotes = await Promise.all(['streamableHttp', 'sse'].map((kind) => startHttpProgram([everything, kind])));
  const [http, sse] = remotes;
  const env = { [variable]: value };
  const node = (file: string, ...args: string[]) => ({
    command: process.execPath,
    args: [file, ...args],
    env,
  });
  const script = (name: string): string => fileURLToPath(new URL(`./python/${name}`, import.meta.url));
  const mcpServers = {
    everything: node(everything),
    'everything-http': { url: `http://127.0.0.1:${http?.port}/mcp` },
    'everything-sse': { type: 'sse', url: `http://127.0.0.1:${sse?.port}/sse` },
    filesystem: node(program('@modelcontextprotocol/server-filesystem', 'dist/index.js'), own),
    memory: {
      ...node(program('@modelcontextprotocol/server-memory', 'dist/index.js')),
      env: { ...env, MEMORY_FILE_PATH: join(own, 'memory.jsonl') },
    },
    thinking: node(program('@modelcontextprotocol/server-sequential-thinking', 'dist/index.js')),
    playwright: node(program('@playwright/mcp', 'cli.js'), '--headless'),
    // One that starts slowly may miss the question of eras, and is spoken to in the older one where it knows both.
    dbhub: {
      ...node(program('@bytebase/dbhub', 'dist/index.js'), '--transport', 'stdio', '--demo'),
      protocol: '2026-07-28',
    },
    context7: node(program('@upstash/context7-mcp', 'dist/index.js')),
    // As a script, with whatever python3 is on PATH; and with an interpreter of its own.
    shop: script('shop_server.py'),
    units: { command: join(python2, 'python3'), args: [script('units_server.py')], env },
  };
  host = createHost(parseConfig(JSON.stringify({ mcpServers }), { source: 'test', folder: own, env: {} }), {
    env: { ...process.env, PATH: [python1, process.env['PATH']].join(delimiter) },
    client: { name: 'interoperability', version: '1.0.0' },
  });
  await Array.fromAsync(host.start());
});

afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  await Promise.all(remotes.map((remote) => remote[Symbol.asyncDispose]()));
  if (folder !== undefined) await rm(folder, { recursive: true });
});

function call(name: string, args: Record<string, unknown> = {}): Promise<ToolOutcome> {
  return host.tools.callTool(name, args);
}

test('servers of every make and era are ready in one host, with more than eighty tools', () => {
  const states = host.servers().map(({ server, state, tools }) => {
    return [server, state.kind === 'ready' ? state.protocol : state, tools.length > 0];
  });
  const [older, newer] = ['2025-11-25', '2026-07-28'];
  expect(states).toEqual([
    ['everything', older, true],
    ['everything-http', older, true],
    ['everything-sse', older, true],
    ['filesystem', older, true],
    ['memory', older, true],
    ['thinking', older, true],
    ['playwright', older, true],
    ['dbhub', newer, true],
    ['context7', expect.stringMatching(/^20(25-11-25|26-07-28)$/), true],
    ['shop', older, true],
    ['units', newer, true],
  ]);
  const names = host.tools.listTools().map(({ name }) => name);
  expect(names.length).toBeGreaterThan(80);
  expect(new Set(names).size).toBe(names.length);
  expect(names.every((name) => /^[A-Za-z][\w-]{0,63}$/.test(name))).toBe(true);
});

test.for<[string, Record<string, unknown>, string | RegExp]>([
  ['everything__echo', { message: 'one' }, 'Echo: one'],
  ['everything-http__get-sum', { a: 2, b: 3 }, 'The sum of 2 and 3 is 5.'],
  ['everything-sse__echo', { message: 'two' }, 'Echo: two'],
  [
    'thinking__sequentialthinking',
    { thought: 'a', nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 },
    /"thoughtHistoryLength": 1/,
  ],
  ['dbhub__execute_sql', { sql: 'SELECT 6 * 7 AS answer' }, /"answer": 42/],
  ['shop__price', { item: 'tea', count: 2 }, /"cents": 500/],
  ['units__to_kilometres', { miles: 10 }, /16\.093/],
])('%s answers %j', async ([name, args, answer]) => {
  const outcome = await call(name, args);
  expect(outcome).toMatchObject({ isError: false });
  expect(outcomeText(outcome)).toMatch(answer);
});

test('what is written through one server is read through it and on disk', async () => {
  const path = join(folder ?? '', 'note.txt');
  expect(await call('filesystem__write_file', { path, content: 'kept' })).toMatchObject({ isError: false });
  expect(outcomeText(await call('filesystem__read_text_file', { path }))).toBe('kept');
  expect(await readFile(path, 'utf8')).toBe('kept');
  const entities = [{ name: 'tea', entityType: 'drink', observations: ['hot'] }];
  expect(await call('memory__create_entities', { entities })).toMatchObject({ isError: false });
  expect(outcomeText(await call('memory__read_graph'))).toContain('"tea"');
});

test.for<[string, Record<string, unknown>, RegExp]>([
  ['shop__price', { item: '' }, /no item/],
  ['units__fail', {}, /fail/],
  ['filesystem__read_text_file', { path: '/etc/hostname' }, /outside allowed directories/],
  ['dbhub__execute_sql', { sql: 'SELECT * FROM nothing_here' }, /no such table/],
])('a failure of %s is an answer', async ([name, args, message]) => {
  const outcome = await call(name, args);
  expect(outcome).toMatchObject({ isError: true });
  expect(outcomeText(outcome)).toMatch(message);
});

test('a tool whose program is missing answers all the same', async () => {
  // Without a browser it says so; with one it closes it.
  const outcome = await call('playwright__browser_close');
  expect(outcomeText(outcome)).toMatch(/browser|chrome|page/i);
});

test('progress of a server by others is heard', async () => {
  const heard: number[] = [];
  const args = { duration: 1, steps: 4 };
  const outcome = await host.tools.callTool(
    'everything__trigger-long-running-operation',
    args,
    undefined,
    (each) => {
      heard.push(each.progress);
    },
  );
  expect(outcome.isError).toBe(false);
  // The last one comes together with the result.
  expect(heard.slice(0, 3)).toEqual([1, 2, 3]);
});

test('calls to all of them at once each get their own answer', async () => {
  const names = ['everything', 'everything-http', 'everything-sse'];
  const messages = Array.from({ length: 60 }, (_, index) => ({
    name: names[index % 3],
    message: `m${index}`,
  }));
  const answers = await Promise.all(messages.map(({ name, message }) => call(`${name}__echo`, { message })));
  expect(answers.map(outcomeText)).toEqual(messages.map(({ message }) => `Echo: ${message}`));
});

test('resources and prompts of servers by others are listed, read and filled in', async () => {
  const { items, failures } = await host.library.listResources();
  expect(failures).toEqual([]);
  expect(new Set(items.map(({ server }) => server))).toEqual(
    new Set(['everything', 'everything-http', 'everything-sse', 'memory']),
  );
  const features = { server: 'everything', uri: 'demo://resource/static/document/features.md' };
  expect(await host.library.readResource(features)).toMatchObject([
    { text: expect.stringContaining('Features') },
  ]);
  expect(await host.library.readResource({ server: 'shop', uri: 'shop://tea' })).toMatchObject([
    { text: 'tea is for sale' },
  ]);
  const [message] = await host.library.getPrompt({ server: 'shop', prompt: 'ask_for' }, { item: 'tea' });
  expect(message?.content).toEqual({ type: 'text', text: 'Is there any tea?' });
});

test('every server gives a sign of life, and closing leaves none of their processes', async () => {
  const checks = await Promise.all(host.servers().map(({ server }) => host.check(server)));
  expect(checks.filter(({ answerMs }) => answerMs === undefined)).toEqual([]);
  expect(processesWith(MARK).length).toBeGreaterThan(0);
  await host[Symbol.asyncDispose]();
  await expect.poll(() => processesWith(MARK), { timeout: 10_000 }).toEqual([]);
});
