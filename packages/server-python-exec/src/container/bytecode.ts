import { createHash } from 'node:crypto';
import { access, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder, removeOld } from '../private-folder.ts';

export interface BytecodeOptions {
  readonly cacheFolder: string;
  readonly uid: number | undefined;
  /** What the bytecode depends on: the image, and this package's version. */
  readonly key: string;
  /** Has Python write what it compiles to a folder that is there and empty. */
  readonly compile: (folder: string) => Promise<void>;
}

/**
 * The folder with what Python compiled of the modules that a session needs at its start, made when there is none.
 * Official images come without it, and without it each container compiles the same modules for most of its start.
 *
 * @throws {Error} when the cache folder cannot be used, or `compile` fails.
 */
export async function findBytecode({ cacheFolder, uid, key, compile }: BytecodeOptions): Promise<string> {
  const parent = join(cacheFolder, 'container-bytecode');
  await makePrivateFolder(parent, uid);
  const folder = join(parent, createHash('sha256').update(key).digest('hex').slice(0, 32));
  if (await exists(folder)) return folder;
  const draft = await mkdtemp(join(parent, 'draft-'));
  try {
    await compile(draft);
    await rename(draft, folder);
  } catch (error) {
    // Another server may have been first.
    if (!(await exists(folder))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await removeOld((await readdir(parent)).map((name) => join(parent, name)));
  return folder;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
