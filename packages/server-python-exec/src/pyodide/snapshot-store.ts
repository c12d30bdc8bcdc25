import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder, removeOld } from '@patchbay/server-kit/own-cache';
import type { SnapshotFile } from './protocol.ts';
import { hashOf } from './snapshot-hash.ts';

export interface SnapshotStoreOptions {
  readonly folder: string;
  /** Names what a snapshot depends on: the versions of Node and Pyodide, the driver. */
  readonly key: string;
  /** The account that runs the server; absent on Windows, where a user's cache is the user's alone. */
  readonly uid?: number | undefined;
  readonly make: () => Promise<Uint8Array>;
}

/**
 * A snapshot in the user's cache. Its name holds the hash of its bytes: whoever reads it looks whether they still are those,
 * so that it is read once.
 */
export interface SnapshotStore {
  /**
   * The snapshot, made when there is none; the work is done once.
   *
   * @throws {Error} when the folder cannot be used, or another account could put a snapshot there.
   */
  get(): Promise<SnapshotFile>;
  /** Forgets and deletes the snapshot, because an interpreter did not start from it. The next one is made anew. */
  discard(snapshot: SnapshotFile): Promise<void>;
}

const SUFFIX = '.snapshot';

export function createSnapshotStore(options: SnapshotStoreOptions): SnapshotStore {
  let current: Promise<SnapshotFile> | undefined;
  return {
    get() {
      current ??= findOrMake(options).catch((error: unknown) => {
        current = undefined;
        throw error;
      });
      return current;
    },
    async discard({ path }) {
      current = undefined;
      await rm(path, { force: true });
    },
  };
}

async function findOrMake({ folder, key, uid, make }: SnapshotStoreOptions): Promise<SnapshotFile> {
  await makePrivateFolder(folder, uid);
  const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX));
  const there = names.find((name) => name.startsWith(`${key}-`));
  if (there !== undefined)
    return { path: join(folder, there), hash: there.slice(key.length + 1, -SUFFIX.length) };
  const bytes = await make();
  const hash = hashOf(bytes);
  const path = join(folder, `${key}-${hash}${SUFFIX}`);
  // Another server may do the same at this moment: each writes a file of its own and renames it into place.
  const draft = join(folder, `${randomUUID()}.tmp`);
  try {
    await writeFile(draft, bytes, { mode: 0o600, flag: 'wx' });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  await removeOld(names.map((name) => join(folder, name)));
  return { path, hash };
}
