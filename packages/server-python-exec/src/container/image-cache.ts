import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder, removeOld } from '@patchbay/server-kit/own-cache';

const ANSWER = 'python.json';
const BYTECODE = 'bytecode';

export interface ImageCacheOptions {
  readonly cacheFolder: string;
  readonly uid: number | undefined;
  /** What is kept depends on it alone: the image, and this package's version. */
  readonly key: string;
  /** Asks the image's Python what it is. */
  readonly ask: () => Promise<string>;
  /** Has Python write what it compiles to a folder that is there and empty. */
  readonly compile: (folder: string) => Promise<void>;
}

/** What never changes of an image, and takes a container to find out. */
export interface KnownImage {
  /** What its Python said of itself. */
  readonly answer: string;
  /** The folder with what Python compiled of the modules that a session needs at its start. */
  readonly bytecode: string;
  /** Forgets all of it, because something is wrong with it. */
  forget(): Promise<void>;
}

/**
 * What is known of an image, found out when it is not. Official images come without bytecode, and without it each container
 * compiles the same modules for most of its start.
 *
 * @throws {Error} when the cache folder cannot be used, or `ask` or `compile` fails.
 */
export async function knowImage(options: ImageCacheOptions): Promise<KnownImage> {
  const { cacheFolder, uid, key, ask, compile } = options;
  const parent = join(cacheFolder, 'container-images');
  await makePrivateFolder(parent, uid);
  const folder = join(parent, createHash('sha256').update(key).digest('hex').slice(0, 32));
  if (!(await exists(join(folder, ANSWER)))) {
    const draft = await mkdtemp(join(parent, 'draft-'));
    try {
      await writeFile(join(draft, ANSWER), await ask());
      await mkdir(join(draft, BYTECODE));
      await compile(join(draft, BYTECODE));
      await rename(draft, folder);
    } catch (error) {
      // Another server may have been first.
      if (!(await exists(join(folder, ANSWER)))) throw error;
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    await removeOld((await readdir(parent)).map((name) => join(parent, name)));
  }
  return {
    answer: await readFile(join(folder, ANSWER), 'utf8'),
    bytecode: join(folder, BYTECODE),
    forget: () => rm(folder, { recursive: true, force: true }),
  };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
