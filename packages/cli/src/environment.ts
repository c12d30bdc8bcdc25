import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from '@patchbay/core';
import { readIfThere } from './read-if-there.ts';

/** The variables of the process over those of the `.env` in `folder`, which may be missing. */
export async function readEnvironment(env: Environment, folder: string): Promise<Environment> {
  const text = await readIfThere(join(folder, '.env'));
  return { ...parseEnv(text ?? ''), ...env };
}
