import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makePrivateFolder, removeOld } from '../private-folder.ts';

export interface SnapshotStoreOptions {
  readonly folder: string;
  /** Names what a snapshot depends on: the versions of Node and Pyodide, the driver. */
  readonly key: string;
  /** The account that runs the server; absent on Windows, where a user's cache is the user's alone. */
  readonly uid?: number | undefined;
  readonly make: () => Promise<Uint8Array>;
}

/** A snapshot in the user's cache. Its name holds the hash of its bytes, so that a damaged file is never used. */
export interface SnapshotStore {
  /** Path of the snapshot that there seems to be. Nothing of it may be used before `get` has answered the same. */
  find(): Promise<string | undefined>;
  /**
   * Path of an intact snapshot, made when there is none; the work is done once.
   *
   * @throws {Error} when the folder cannot be used, or another account could put a snapshot there.
   */
  get(): Promise<string>;
  /** Forgets and deletes the snapshot, because an interpreter did not start from it. The next one is made anew. */
  discard(path: string): Promise<void>;
}

const SUFFIX = '.snapshot';

export function createSnapshotStore(options: SnapshotStoreOptions): SnapshotStore {
  let current: Promise<string> | undefined;
  return {
    find: async () => (await find(options))[0],
    get() {
      current ??= findOrMake(options).catch((error: unknown) => {
        current = undefined;
        throw error;
      });
      return current;
    },
    async discard(path) {
      current = undefined;
      await rm(path, { force: true });
    },
  };
}

async function findOrMake({ folder, key, uid, make }: SnapshotStoreOptions): Promise<string> {
  await makePrivateFolder(folder, uid);
  const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX));
  for (const path of await find({ folder, key })) {
    if (basename(path) === nameOf(key, await readFile(path))) return path;
    await rm(path, { force: true });
  }
  const bytes = await make();
  const path = join(folder, nameOf(key, bytes));
  // Another server may do the same at this moment: each writes a file of its own and renames it into place.
  const draft = join(folder, `${randomUUID()}.tmp`);
  try {
    await writeFile(draft, bytes, { mode: 0o600, flag: 'wx' });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  await removeOld(names.map((name) => join(folder, name)));
  return path;
}

async function find({
  folder,
  key,
}: Pick<SnapshotStoreOptions, 'folder' | 'key'>): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.startsWith(`${key}-`) && name.endsWith(SUFFIX))
    .map((name) => join(folder, name));
}

function nameOf(key: string, bytes: Uint8Array): string {
  return `${key}-${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}${SUFFIX}`;
}
