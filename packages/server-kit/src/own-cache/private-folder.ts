import { mkdir, rm, stat } from 'node:fs/promises';

/** What was made longer ago than this is deleted when something new is, in milliseconds. */
const KEPT_MS = 30 * 24 * 3600 * 1000;

/** Permissions that let others than its owner write to a folder. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Makes a folder for what will be run: whoever can write there decides what whoever reads it runs.
 * `uid` is the account that runs the server; absent on Windows, where a user's cache is the user's alone.
 *
 * @throws {Error} when it cannot be made, or another account owns it or can write to it.
 */
export async function makePrivateFolder(folder: string, uid: number | undefined): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (uid === undefined) return;
  const { uid: owner, mode } = await stat(folder);
  if (owner !== uid) throw new Error(`${folder} belongs to another account`);
  if ((mode & WRITABLE_BY_OTHERS) !== 0) throw new Error(`other accounts can write to ${folder}`);
}

/** Deletes what is old of files and folders that can be made again; other versions may have left them for good. */
export async function removeOld(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const made = await stat(path).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > KEPT_MS)
      await rm(path, { recursive: true, force: true });
  }
}
