import { access, constants, mkdir, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A folder of the cache that `fill` has filled, now or in an earlier run. It appears whole, so that one that was
 * interrupted, or goes on in another process, is not mistaken for it.
 */
export async function cachedFolder(
  name: string,
  env: Environment,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(await openTestCache(env), name);
  if (await isAllowed(folder, constants.R_OK)) return folder;
  const draft = `${folder}.${randomUUID()}`;
  try {
    await mkdir(draft);
    await fill(draft);
    await rename(draft, folder).catch(async (error: unknown) => {
      // Another process was faster: both are the same.
      if (!(await isAllowed(folder, constants.R_OK))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

/**
 * The folder in which tests keep what they fetched: `PATCHBAY_TEST_CACHE`, else one among the user's caches, else a temporary one.
 *
 * @throws {Error} when none can be written.
 */
export async function openTestCache(env: Environment): Promise<string> {
  const xdg = env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache');
  const wanted = env['PATCHBAY_TEST_CACHE'] || join(xdg, 'patchbay-testing');
  const fallback = join(tmpdir(), `patchbay-testing-${process.getuid?.() ?? 0}`);
  for (const folder of [wanted, fallback]) {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 }).then(
      () => true,
      () => false,
    );
    if (made && (await isAllowed(folder, constants.W_OK))) return folder;
  }
  throw new Error(`neither ${wanted} nor ${fallback} can be written; set PATCHBAY_TEST_CACHE`);
}

async function isAllowed(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
