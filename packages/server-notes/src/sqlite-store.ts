import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { nearest } from '@patchbay/server-kit';
import { openDatabase, writing } from './database.ts';
import type { Note } from './note.ts';
import { toKey, toTags } from './note.ts';
import type { NotePage, NoteStore, NoteVersion, Saved, SaveRequest } from './note-store.ts';
import { noteFromRow } from './rows.ts';
import { planSave } from './saving.ts';
import { searchNotes } from './search.ts';
import { withStorageErrors } from './storage-errors.ts';

/** Keys that are compared with one that is not there, the latest notes first. */
const MAX_COMPARED_KEYS = 5000;

/**
 * Notes in one SQLite file. Opens it on first use, and again after a failure: a server whose disk is away must start all the same, and
 * serve when it is back.
 */
export function openSqliteStore(file: string, now: () => Date = () => new Date()): NoteStore {
  const path = resolve(file);
  let open: DatabaseSync | undefined;
  const use = <Result>(work: (db: DatabaseSync) => Result): Result =>
    withStorageErrors(path, () => work((open ??= openDatabase(path))));

  return {
    save: (note) => use((db) => writing(db, () => save(db, note, now().toISOString()))),
    recall: (key, version) => use((db) => recall(db, toKey(key), version)),
    nearest: (key) => use((db) => nearest(toKey(key), latestKeys(db))),
    search: (query, { limit, tag }) => use((db) => searchNotes(db, query, { limit, tag: toTag(tag) })),
    list: (options) => use((db) => list(db, options)),
    history: (key) => use((db) => history(db, toKey(key))),
    delete: (key) => use((db) => writing(db, () => remove(db, toKey(key)))),
    forget: (key) =>
      use((db) =>
        writing(db, () => {
          const isThere = remove(db, toKey(key));
          const { changes } = db.prepare('DELETE FROM note_history WHERE key = ?').run(toKey(key));
          return isThere || changes > 0;
        }),
      ),
    close() {
      open?.close();
      open = undefined;
    },
  };
}

function save(db: DatabaseSync, request: SaveRequest, time: string): Saved {
  const key = toKey(request.key);
  const before = recall(db, key);
  const newest = db.prepare('SELECT max(version) AS version FROM note_history WHERE key = ?').get(key);
  const planned = planSave({ ...request, key }, { before, newestKept: Number(newest?.['version'] ?? 0) });
  if (planned.kind === 'unchanged') return saved(planned.note, false);
  const { value, tags, version } = planned;
  const row = [value, JSON.stringify(tags), version, time, key];
  const statement =
    before === undefined
      ? 'INSERT INTO note (value, tags, version, updated_at, key) VALUES (?, ?, ?, ?, ?)'
      : 'UPDATE note SET value = ?, tags = ?, version = ?, updated_at = ? WHERE key = ?';
  db.prepare(statement).run(...row);
  return saved({ key, value, version }, before === undefined);
}

function saved({ key, value, version }: Pick<Note, 'key' | 'value' | 'version'>, created: boolean): Saved {
  return { key, version, created, bytes: Buffer.byteLength(value) };
}

function remove(db: DatabaseSync, key: string): boolean {
  return db.prepare('DELETE FROM note WHERE key = ?').run(key).changes > 0;
}

function history(db: DatabaseSync, key: string): readonly NoteVersion[] {
  const rows = db
    .prepare(
      `SELECT version, updated_at, octet_length(value) AS bytes, 1 AS is_current FROM note WHERE key = ?
       UNION ALL SELECT version, updated_at, octet_length(value), 0 FROM note_history WHERE key = ?
       ORDER BY version DESC`,
    )
    .all(key, key);
  return rows.map((row) => ({
    version: Number(row['version']),
    updatedAt: String(row['updated_at']),
    bytes: Number(row['bytes']),
    isCurrent: row['is_current'] === 1,
  }));
}

function recall(db: DatabaseSync, key: string, version?: number): Note | undefined {
  const columns = 'key, value, tags, version, updated_at';
  const current = db.prepare(`SELECT ${columns} FROM note WHERE key = ?`).get(key);
  if (current !== undefined && (version === undefined || current['version'] === version)) {
    return noteFromRow(current);
  }
  if (version === undefined) return undefined;
  const old = db
    .prepare(`SELECT ${columns} FROM note_history WHERE key = ? AND version = ?`)
    .get(key, version);
  return old === undefined ? undefined : noteFromRow(old);
}

function latestKeys(db: DatabaseSync): readonly string[] {
  const rows = db.prepare('SELECT key FROM note ORDER BY updated_at DESC LIMIT ?').all(MAX_COMPARED_KEYS);
  return rows.map((row) => String(row['key']));
}

function list(db: DatabaseSync, { prefix, limit, after, tag }: Parameters<NoteStore['list']>[0]): NotePage {
  const wanted = toTag(tag) ?? null;
  const start = prefix.normalize('NFC');
  const rows = db
    .prepare(
      `SELECT key, '' AS value, tags, version, updated_at FROM note
       WHERE key >= ? AND key < ? || char(1114111) AND key > ?
       AND (? IS NULL OR EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)) ORDER BY key LIMIT ?`,
    )
    .all(start, start, after ?? '', wanted, wanted, limit + 1);
  const notes = rows.slice(0, limit).map((row) => {
    const { key, tags, version, updatedAt } = noteFromRow(row);
    return { key, tags, version, updatedAt };
  });
  const last = rows.length > limit ? notes.at(-1) : undefined;
  return last === undefined ? { notes } : { notes, last: last.key };
}

/** The tag as it is kept. */
function toTag(tag: string | undefined): string | undefined {
  return tag === undefined ? undefined : toTags([tag])[0];
}
