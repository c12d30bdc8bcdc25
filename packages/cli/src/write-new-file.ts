import { writeFile } from 'node:fs/promises';
import { fileNotWritten } from '@patchbay/core';

/**
 * Writes a file for the user alone, and never over one that is there: a slip of the finger must not cost one.
 *
 * @throws {PatchbayError} `FILE_NOT_WRITTEN`, with the reason.
 */
export async function writeNewFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw fileNotWritten(path, error, 'Name another file. Nothing is lost: the conversation goes on.');
  }
}
