import { errorMessage, PatchbayError } from '@patchbay/core';
import { readTextFile } from '@patchbay/core/config';

/**
 * The text of a file, `undefined` where there is none.
 *
 * @throws {PatchbayError} `CONFIG_NOT_FOUND` where it cannot be read, with the system's error as its cause.
 */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readTextFile(path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new PatchbayError('CONFIG_NOT_FOUND', `Cannot read ${path}: ${errorMessage(cause)}`, {
      hint: 'Make it readable, or name another file.',
      cause,
    });
  }
}
