import { enableCompileCache } from 'node:module';
import type { Environment } from '@patchbay/core';
import { codeFolder } from './folders.ts';

/**
 * From now on Node keeps what it compiles for the next run, which then starts in two thirds of the time. In the user's own
 * folder for caches and not in Node's default, which is one that all users of the machine share. That it cannot be written
 * costs nothing but the time.
 */
export function rememberCode(env: Environment): void {
  const folder = codeFolder(env);
  if (folder !== undefined) enableCompileCache(folder);
}
