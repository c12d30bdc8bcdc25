import { readTextFile } from '@patchbay/core/config';

/** The text of a file, `undefined` where there is none. Rejects with the system's error where it cannot be read. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return readTextFile(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
}
