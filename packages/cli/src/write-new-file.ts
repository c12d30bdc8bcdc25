import { writeFile } from 'node:fs/promises';
import { errorMessage, PatchbayError } from '@patchbay/core';

/** What the system's codes mean for somebody who wants a file written. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it may not be written',
  EEXIST: 'there is one already',
  EISDIR: 'it is a folder',
  ENOENT: 'its folder does not exist',
  ENOSPC: 'no space is left',
  ENOTDIR: 'a part of its path is no folder',
  EPERM: 'it may not be written',
  EROFS: 'the file system is read-only',
};

/**
 * Writes a file for the user alone, and never over one that is there: a slip of the finger must not cost one.
 *
 * @throws {PatchbayError} `FILE_NOT_WRITTEN`, with the reason.
 */
export async function writeNewFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const reason = REASONS[code] ?? errorMessage(cause);
    throw new PatchbayError(
      'FILE_NOT_WRITTEN',
      `Cannot write ${path}: ${reason}${code === '' ? '' : ` (${code})`}`,
      {
        hint: 'Name another file. Nothing is lost: the conversation goes on.',
        cause,
      },
    );
  }
}
