import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { NoteStore } from '../src/note-store.ts';
import { openSqliteStore } from '../src/sqlite-store.ts';
import { temporaryFolder } from './temporary-folder.ts';

const NOON = '2026-11-20T12:00:00.000Z';

function memory(): { store: NoteStore } & Disposable {
  const folder = temporaryFolder();
  const store = openSqliteStore(folder.file('notes.db'), () => new Date(NOON));
  return {
    store,
    [Symbol.dispose]() {
      store.close();
      folder[Symbol.dispose]();
    },
  };
}

function errorOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

test('a note is recalled as it was saved', () => {
  using notes = memory();
  const value = 'line one\nline two\t👍 naïve 今天 "quoted" \\ %_\u0007';
  expect(notes.store.save({ key: 'a', value, tags: ['x', 'y', 'x'] })).toEqual({
    key: 'a',
    version: 1,
    created: true,
    bytes: Buffer.byteLength(value),
  });
  expect(notes.store.recall('a')).toEqual({ key: 'a', value, tags: ['x', 'y'], version: 1, updatedAt: NOON });
});

test('a replaced version stays, up to twenty of them', () => {
  using notes = memory();
  for (let version = 1; version <= 25; version += 1) {
    expect(notes.store.save({ key: 'a', value: `value ${version}` }).version).toBe(version);
  }
  const kept = Array.from({ length: 25 }, (_, index) => notes.store.recall('a', index + 1)?.value);
  expect(kept.slice(0, 4)).toEqual([undefined, undefined, undefined, undefined]);
  expect(kept.slice(4)).toEqual(Array.from({ length: 21 }, (_, index) => `value ${index + 5}`));
  expect(notes.store.recall('a')?.version).toBe(25);
});

test('saving the same again is no new version, and absent tags stay', () => {
  using notes = memory();
  notes.store.save({ key: 'a', value: '1', tags: ['t'] });
  expect(notes.store.save({ key: 'a', value: '1' })).toMatchObject({ version: 1, created: false });
  notes.store.save({ key: 'a', value: '2' });
  expect(notes.store.recall('a')).toMatchObject({ value: '2', tags: ['t'], version: 2 });
  notes.store.save({ key: 'a', value: '2', tags: [] });
  expect(notes.store.recall('a')).toMatchObject({ tags: [], version: 3 });
});

test('keys are compared composed and trimmed, in their case', () => {
  using notes = memory();
  notes.store.save({ key: ' cafe\u0301 ', value: '1' });
  expect(notes.store.recall('caf\u00E9')?.key).toBe('caf\u00E9');
  expect(notes.store.recall('CAFÉ')).toBeUndefined();
  expect(notes.store.recall('__proto__')).toBeUndefined();
});

test.for([
  [{ key: '', value: 'v' }, 'INVALID_KEY'],
  [{ key: ' \n ', value: 'v' }, 'INVALID_KEY'],
  [{ key: 'a\nb', value: 'v' }, 'INVALID_KEY'],
  [{ key: 'a\0b', value: 'v' }, 'INVALID_KEY'],
  [{ key: 'k'.repeat(201), value: 'v' }, 'INVALID_KEY'],
  [{ key: 'k', value: 'a\0b' }, 'INVALID_VALUE'],
  [{ key: 'k', value: '€'.repeat(333_334) }, 'TOO_LARGE'],
  [{ key: 'k', value: 'v', tags: ['a\u001Bb'] }, 'INVALID_TAG'],
  [{ key: 'k', value: 'v', tags: [' '] }, 'INVALID_TAG'],
] as const)('what cannot be kept is refused: %j', ([note, code]) => {
  using notes = memory();
  expect(errorOf(() => notes.store.save(note))).toMatchObject({ name: 'ToolError', code });
  expect(notes.store.list({ prefix: '', limit: 1 })).toEqual({ notes: [] });
});

test('the largest key and value fit, and half a character becomes a replacement character', () => {
  using notes = memory();
  const key = 'ключ'.repeat(50);
  notes.store.save({ key, value: '€'.repeat(333_333) });
  expect(notes.store.recall(key)?.value).toBe('€'.repeat(333_333));
  notes.store.save({ key: 'half', value: 'a\uD83D' });
  expect(notes.store.recall('half')?.value).toBe('a\uFFFD');
});

test('listing goes through all pages in the order of the keys', () => {
  using notes = memory();
  const keys = ['b/1', 'b/10', 'b/2', 'a', 'c', 'B', 'b%', 'b/é'];
  for (const key of keys) notes.store.save({ key, value: key });
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = notes.store.list({ prefix: '', limit: 3, after });
    seen.push(...page.notes.map(({ key }) => key));
    after = page.last;
  } while (after !== undefined);
  expect(seen).toEqual(['B', 'a', 'b%', 'b/1', 'b/10', 'b/2', 'b/é', 'c']);
  const under = notes.store.list({ prefix: 'b/', limit: 10 });
  expect(under.notes.map(({ key }) => key)).toEqual(['b/1', 'b/10', 'b/2', 'b/é']);
  expect(notes.store.list({ prefix: 'b/', limit: 4 }).last).toBeUndefined();
});

test('the file and the folders made for it are for this user alone', () => {
  using folder = temporaryFolder();
  const store = openSqliteStore(folder.file('deep/er/notes.db'));
  store.save({ key: 'a', value: '1' });
  expect(statSync(folder.file('deep')).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(folder.file('deep/er'))) {
    expect(statSync(folder.file(`deep/er/${name}`)).mode & 0o777).toBe(0o600);
  }
  store.close();
});

test('a file of another program is refused and left as it was', () => {
  using folder = temporaryFolder();
  const other = new DatabaseSync(folder.file('other.db'));
  other.exec('CREATE TABLE note (mine TEXT)');
  const store = openSqliteStore(folder.file('other.db'));
  expect(errorOf(() => store.save({ key: 'a', value: '1' }))).toMatchObject({
    code: 'STORAGE',
    message: expect.stringContaining('it is a database of another program'),
  });
  expect(other.prepare('SELECT name FROM sqlite_schema').all()).toHaveLength(1);
  other.close();
});

test('a file of a newer version is refused', () => {
  using folder = temporaryFolder();
  const store = openSqliteStore(folder.file('notes.db'));
  store.save({ key: 'a', value: '1' });
  store.close();
  const db = new DatabaseSync(folder.file('notes.db'));
  db.exec('PRAGMA user_version = 99');
  db.close();
  expect(errorOf(() => store.recall('a'))).toMatchObject({
    code: 'STORAGE',
    hint: 'Update @patchbay/server-notes.',
  });
});

test('a file that is no database is named in the error, and one that comes right is used', () => {
  using folder = temporaryFolder();
  const path = folder.file('notes.db');
  writeFileSync(
    path,
    'this is not a database, but long enough to have a header of a hundred bytes '.repeat(4),
  );
  const store = openSqliteStore(path);
  expect(errorOf(() => store.recall('a'))).toMatchObject({
    code: 'STORAGE',
    message: expect.stringContaining(path),
  });
  writeFileSync(path, '');
  expect(store.save({ key: 'a', value: '1' }).created).toBe(true);
  store.close();
});
