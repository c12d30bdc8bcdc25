import { existsSync, readdirSync } from 'node:fs';
import type { ServerProcess } from '@patchbay/testing';
import { startServerProcess } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../src/sqlite-store.ts';
import { temporaryFolder } from './temporary-folder.ts';

const main = new URL('../src/main.ts', import.meta.url);

function start(db: string, era: 'legacy' | 'modern' = 'modern'): Promise<ServerProcess> {
  return startServerProcess({ main, era, env: { NOTES_DB: db } });
}

test.for(['legacy', 'modern'] as const)('a note outlives the server for a %s client', async (era) => {
  using folder = temporaryFolder();
  {
    await using server = await start(folder.file('notes.db'), era);
    const saved = await server.callTool('save_note', { key: 'a', value: '你好', tags: ['x'] });
    expect(saved).toMatchObject({
      text: 'Saved "a" (version 1, 6 bytes).',
      structured: { key: 'a', version: 1, created: true, bytes: 6 },
    });
  }
  await using server = await start(folder.file('notes.db'), era);
  const recalled = await server.callTool('recall', { key: 'a' });
  expect(recalled).toMatchObject({ text: '你好', structured: { key: 'a', tags: ['x'], version: 1 } });
  expect(await server.callTool('search_notes', { query: '你好' })).toMatchObject({ text: 'a: 你好' });
  expect(await server.callTool('list_notes')).toMatchObject({ text: 'a' });
});

test('a missing note is an error that names its nearest keys', async () => {
  using folder = temporaryFolder();
  await using server = await start(folder.file('notes.db'));
  await server.callTool('save', { key: 'shopping list', value: 'milk' });
  const missing = await server.callTool('recall', { key: 'shoping list' });
  expect(missing.isError).toBe(true);
  expect(missing.text).toContain('NOT_FOUND: Note "shoping list" not found. Nearest keys: "shopping list".');
  const version = await server.callTool('recall_note', { key: 'shopping list', version: 7 });
  expect(version).toMatchObject({ isError: true });
  expect(version.text).toContain('Version 7 of note "shopping list" not found');
});

test('hints say what changes something, and that only deleting may destroy', async () => {
  using folder = temporaryFolder();
  await using server = await start(folder.file('notes.db'));
  const tools = await server.listTools();
  const named = (wanted: (hints: Record<string, unknown>) => boolean): readonly string[] =>
    tools.filter(({ annotations }) => wanted({ ...annotations })).map(({ name }) => name);
  expect(named(() => true)).toEqual([
    'save_note',
    'save',
    'recall_note',
    'recall',
    'search_notes',
    'list_notes',
    'delete_note',
    'note_history',
    'undo_note',
  ]);
  expect(named(({ readOnlyHint }) => readOnlyHint === false)).toEqual([
    'save_note',
    'save',
    'delete_note',
    'undo_note',
  ]);
  expect(named(({ destructiveHint }) => destructiveHint === true)).toEqual(['delete_note']);
  expect(named(({ idempotentHint }) => idempotentHint === false)).toEqual(['save_note', 'undo_note']);
});

test('bad input is an error result and the server goes on', async () => {
  using folder = temporaryFolder();
  await using server = await start(folder.file('notes.db'));
  const tags = Array.from({ length: 21 }, (_, index) => `t${index}`);
  const calls: [string, Record<string, unknown>][] = [
    ['save', {}],
    ['save', { key: 'k'.repeat(201), value: '' }],
    ['save', { key: 'k', value: 'v'.repeat(1_000_001) }],
    ['save', { key: 'k', value: 5 }],
    ['save_note', { key: 'k', value: '', tags }],
    ['recall', { key: '' }],
    ['recall_note', { key: 'k', version: 0 }],
    ['search_notes', { query: '' }],
    ['search_notes', { query: 'x', limit: 51 }],
    ['list_notes', { limit: 0 }],
    ['list_notes', { cursor: 7 }],
    ['list_notes', { cursor: 'a' }],
  ];
  for (const [name, args] of calls) {
    expect(await server.callTool(name, args)).toMatchObject({ isError: true });
  }
  expect(await server.callTool('list_notes')).toMatchObject({ text: 'No notes.' });
});

test('keys are listed in pages, whose cursors are for the same arguments alone', async () => {
  using folder = temporaryFolder();
  await using server = await start(folder.file('notes.db'));
  for (const key of ['a/1', 'a/2', 'b']) await server.callTool('save', { key, value: key });
  const { structured } = await server.callTool('list_notes', { prefix: 'a/', limit: 1 });
  expect(structured).toMatchObject({ notes: [{ key: 'a/1' }], next_cursor: expect.any(String) });
  const { next_cursor: cursor } = structured as { next_cursor: string };
  expect(await server.callTool('list_notes', { prefix: 'a/', cursor })).toMatchObject({ text: 'a/2' });
  expect(await server.callTool('list_notes', { cursor })).toMatchObject({
    isError: true,
    text: expect.stringMatching(/^INVALID_CURSOR: /u),
  });
});

test('a server whose file cannot be opened starts, and says so in its answers', async () => {
  await using broken = await start('/dev/null/notes.db');
  const answer = await broken.callTool('list_notes');
  expect(answer.isError).toBe(true);
  expect(answer.text).toContain('STORAGE: cannot use the notes in /dev/null/notes.db');
});

test('without a setting the file is in the data folder, and nowhere else', async () => {
  using folder = temporaryFolder();
  const env = {
    HOME: folder.file('home'),
    XDG_DATA_HOME: folder.file('data'),
    XDG_CACHE_HOME: folder.file('cache'),
  };
  {
    await using server = await startServerProcess({ main, env });
    await server.callTool('save', { key: 'a', value: '1' });
  }
  expect(existsSync(folder.file('data/patchbay/notes.db'))).toBe(true);
  expect(existsSync(folder.file('home'))).toBe(false);
  {
    await using server = await startServerProcess({ main, env: { ...env, XDG_DATA_HOME: 'relative' } });
    await server.callTool('save', { key: 'a', value: '1' });
  }
  expect(existsSync(folder.file('home/.local/share/patchbay/notes.db'))).toBe(true);
  {
    await using server = await startServerProcess({ main, env, args: ['--db', '~/mine.db'] });
    await server.callTool('save', { key: 'a', value: '1' });
  }
  expect(readdirSync(folder.file('home')).filter((name) => name.endsWith('.db'))).toEqual(['mine.db']);
});

test('a killed server loses nothing that it acknowledged', async () => {
  using folder = temporaryFolder();
  const file = folder.file('notes.db');
  const acknowledged = new Set<string>();
  for (const round of [0, 1, 2]) {
    const server = await start(file);
    let count = 0;
    const saves = Array.from({ length: 400 }, async (_, index) => {
      const key = `${round}-${index}`;
      const { isError } = await server.callTool('save', { key, value: `${key} ${'x'.repeat(2000)}` });
      if (!isError) acknowledged.add(key);
      count += 1;
      if (count === 40 * (round + 1)) process.kill(server.pid, 'SIGKILL');
    });
    const outcomes = await Promise.allSettled(saves);
    expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true);
    await server[Symbol.asyncDispose]();
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(240);
  const store = openSqliteStore(file);
  const lost = [...acknowledged].filter((key) => store.recall(key)?.value.startsWith(`${key} x`) !== true);
  expect(lost).toEqual([]);
  expect(store.search('2-17', { limit: 50 }).hits.map(({ key }) => key)).toContain('2-17');
  store.close();
});

test('processes that write at once lose nothing of each other', async () => {
  using folder = temporaryFolder();
  const file = folder.file('notes.db');
  const servers = await Promise.all([start(file), start(file), start(file)]);
  const outcomes = await Promise.all(
    servers.flatMap((server, writer) =>
      Array.from({ length: 60 }, async (_, index) => {
        const own = await server.callTool('save', { key: `own-${writer}-${index}`, value: `${index}` });
        const shared = await server.callTool('save', { key: 'shared', value: `${writer}-${index}` });
        return [own.isError, shared.isError];
      }),
    ),
  );
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  expect(outcomes.flat()).not.toContain(true);
  const store = openSqliteStore(file);
  expect(store.list({ prefix: 'own-', limit: 500 }).notes).toHaveLength(180);
  expect(store.recall('shared')?.version).toBe(180);
  const kept = Array.from({ length: 21 }, (_, index) => store.recall('shared', 180 - index)?.value);
  expect(new Set(kept).size).toBe(21);
  store.close();
});
