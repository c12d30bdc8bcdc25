import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { makePrivateFolder } from './private-folder.ts';

/**
 * From now on Node keeps what it compiles for the next start, in the user's own cache: what another account could put
 * there would be run. That it cannot be kept costs nothing but time.
 */
export async function rememberCode({
  env,
  platform,
  getuid,
}: Pick<NodeJS.Process, 'env' | 'platform' | 'getuid'>): Promise<void> {
  const folder = join(cacheFolder({ env, platform, home: homedir() }), 'code');
  try {
    await makePrivateFolder(folder, getuid?.());
    enableCompileCache(folder);
  } catch {
    return;
  }
}
