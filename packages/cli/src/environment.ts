import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from '@patchbay/core';
import { readTextFile } from '@patchbay/core/config';

/** The variables of the process over those of the `.env` in `folder`, which may be missing. */
export async function readEnvironment(env: Environment, folder: string): Promise<Environment> {
  const text = await readTextFile(join(folder, '.env')).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  return { ...parseEnv(text), ...env };
}
