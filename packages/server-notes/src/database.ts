import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from './schema.ts';

/** How long a statement waits for another process to finish its write, in milliseconds. */
export const BUSY_TIMEOUT_MS = 5000;

/**
 * Opens the file, made with its folder for this user alone when it is missing. Several processes may have it open:
 * the write-ahead log lets them read while one writes, and what was committed survives the end of any process.
 */
export function openDatabase(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    writing(db, () => migrate(db));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Runs `work` as one transaction that has the write lock from its start, so that what it read stays true. */
export function writing<Result>(db: DatabaseSync, work: () => Result): Result {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
