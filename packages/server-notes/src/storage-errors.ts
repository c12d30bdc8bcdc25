import { ToolError } from '@patchbay/server-kit';
import { UnusableDatabase } from './schema.ts';

/** SQLite's result code for a database that another process kept locked. Source: sqlite.org/rescode.html. */
const SQLITE_BUSY = 5;

/**
 * Turns what the file system and SQLite throw into a ToolError that names the file.
 *
 * @throws {ToolError} `BUSY` or `STORAGE`; what `work` throws for another reason goes through.
 */
export function withStorageErrors<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnusableDatabase) throw unusable(path, error, error.hint);
    if (error instanceof ToolError || !(error instanceof Error) || !('code' in error)) throw error;
    if ('errcode' in error && error.errcode === SQLITE_BUSY) {
      const hint = 'Try again in a few seconds.';
      throw new ToolError('BUSY', `another process is writing to ${path}`, { hint, cause: error });
    }
    throw unusable(path, error, 'Check --db, --dir or NOTES_DB, NOTES_DIR, and what it names.');
  }
}

function unusable(path: string, cause: Error, hint: string): ToolError {
  return new ToolError('STORAGE', `cannot use the notes in ${path}: ${cause.message}`, { hint, cause });
}
