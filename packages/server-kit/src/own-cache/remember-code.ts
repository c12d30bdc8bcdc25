import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { makePrivateFolder } from './private-folder.ts';

/**
 * From now on Node keeps what it compiles for the next start, which is then a sixth shorter, in the user's own cache: what
 * another account could put there would be run. That it cannot be kept, as for a user without a home, costs nothing but time.
 */
export async function rememberCode({
  env,
  platform,
  getuid,
}: Pick<NodeJS.Process, 'env' | 'platform' | 'getuid'>): Promise<void> {
  const home = platform === 'win32' ? env['USERPROFILE'] : env['HOME'];
  if (home === undefined || home === '') return;
  const folder = join(cacheFolder({ env, platform, home }), 'code');
  try {
    await makePrivateFolder(folder, getuid?.());
    enableCompileCache(folder);
  } catch {
    return;
  }
}
