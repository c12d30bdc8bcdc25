import type { DatabaseSync } from 'node:sqlite';
import { KEPT_VERSIONS } from './note-store.ts';

/** Marks a file as ours, so that another program's database is never changed. */
const APPLICATION_ID = 0x70_62_6e_74;

/** Each entry takes a database one version up. Never edit one that was released: add another. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE note (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL,
    tags TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX note_by_time ON note (updated_at);

  CREATE TABLE note_history (
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    value TEXT NOT NULL,
    tags TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (key, version)
  ) STRICT;
  CREATE TRIGGER note_replaced AFTER UPDATE OF value, tags ON note BEGIN
    INSERT INTO note_history (key, version, value, tags, updated_at)
      VALUES (old.key, old.version, old.value, old.tags, old.updated_at);
    DELETE FROM note_history WHERE key = old.key AND version <= old.version - ${KEPT_VERSIONS};
  END;

  -- Three letters at a time: finds parts of words, and Chinese, which has no spaces between them.
  CREATE VIRTUAL TABLE note_fts USING fts5 (
    key, value, tags, content = 'note', content_rowid = 'id', tokenize = 'trigram remove_diacritics 1'
  );
  CREATE TRIGGER note_fts_insert AFTER INSERT ON note BEGIN
    INSERT INTO note_fts (rowid, key, value, tags) VALUES (new.id, new.key, new.value, new.tags);
  END;
  CREATE TRIGGER note_fts_update AFTER UPDATE ON note BEGIN
    INSERT INTO note_fts (note_fts, rowid, key, value, tags) VALUES ('delete', old.id, old.key, old.value, old.tags);
    INSERT INTO note_fts (rowid, key, value, tags) VALUES (new.id, new.key, new.value, new.tags);
  END;
  CREATE TRIGGER note_fts_delete AFTER DELETE ON note BEGIN
    INSERT INTO note_fts (note_fts, rowid, key, value, tags) VALUES ('delete', old.id, old.key, old.value, old.tags);
  END;
  `,
  `
  -- A deleted note goes into the history too, so that it can come back; \`forget\` removes that as well.
  CREATE TRIGGER note_deleted BEFORE DELETE ON note BEGIN
    INSERT INTO note_history (key, version, value, tags, updated_at)
      VALUES (old.key, old.version, old.value, old.tags, old.updated_at);
    DELETE FROM note_history WHERE key = old.key AND version <= old.version - ${KEPT_VERSIONS};
  END;
  `,
];

/** A file that SQLite can read and this server must leave alone. */
export class UnusableDatabase extends Error {
  override readonly name = 'UnusableDatabase';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/**
 * Brings the file to the newest schema. Call it inside a write transaction, so that of two processes only one does.
 *
 * @throws {UnusableDatabase} for a file of another program or of a newer version of this one.
 */
export function migrate(db: DatabaseSync): void {
  const version = readNumber(db, 'PRAGMA user_version');
  const isEmpty = readNumber(db, 'SELECT count(*) FROM sqlite_schema') === 0;
  if (!isEmpty && readNumber(db, 'PRAGMA application_id') !== APPLICATION_ID) {
    throw new UnusableDatabase(
      'it is a database of another program',
      'Name another file with --db or NOTES_DB.',
    );
  }
  if (version > MIGRATIONS.length) {
    throw new UnusableDatabase('a newer version of this server wrote it', 'Update @patchbay/server-notes.');
  }
  for (const migration of MIGRATIONS.slice(version)) db.exec(migration);
  if (isEmpty) db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  if (version < MIGRATIONS.length) db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
}

function readNumber(db: DatabaseSync, sql: string): number {
  const [value] = Object.values(db.prepare(sql).get() ?? {});
  return Number(value);
}
