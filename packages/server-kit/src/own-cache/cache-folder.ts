import { join } from 'node:path';

export interface CacheFolderOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** The folder for what can be made again, where each system keeps such things. */
export function cacheFolder({ env, platform, home }: CacheFolderOptions): string {
  const named = env['XDG_CACHE_HOME'];
  if (named !== undefined && named !== '') return join(named, 'patchbay');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'patchbay');
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'patchbay', 'cache');
  return join(home, '.cache', 'patchbay');
}
