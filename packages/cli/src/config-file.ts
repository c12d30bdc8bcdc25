import { existsSync } from 'node:fs';
import { realpath, rename, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileNotWritten, PatchbayError } from '@patchbay/core';
import { readIfThere } from './read-if-there.ts';

const NAMES = ['mcp.json', '.mcp.json'] as const;

/** The configuration that is named, or the one of the folder; `undefined` where it has none. */
export function findConfigFile(named: string | undefined, cwd: string): string | undefined {
  const name = named ?? NAMES.find((each) => existsSync(resolve(cwd, each)));
  return name === undefined ? undefined : resolve(cwd, name);
}

/** The text of a configuration. Throws `CONFIG_NOT_FOUND` where there is none. */
export async function readConfigFile(path: string | undefined, cwd: string): Promise<string> {
  const text = path === undefined ? undefined : await readIfThere(path);
  if (text !== undefined) return text;
  throw new PatchbayError('CONFIG_NOT_FOUND', `No ${path ?? `mcp.json in ${cwd}`}`, {
    hint: 'patchbay init writes one; patchbay server add begins one.',
  });
}

/**
 * Writes a configuration: whoever reads meanwhile sees the old or the new, never half of it.
 *
 * @throws {PatchbayError} `FILE_NOT_WRITTEN`, with the reason.
 */
export async function writeConfigFile(path: string, text: string): Promise<void> {
  try {
    // Secrets that were written out in a private file must not be readable by all in this one.
    if (!existsSync(path)) return await writeFile(path, text, { mode: 0o600, flag: 'wx' });
    const target = await realpath(path);
    const { mode } = await stat(target);
    const draft = `${target}.${process.pid}.tmp`;
    await writeFile(draft, text, { mode });
    await rename(draft, target);
  } catch (error) {
    throw fileNotWritten(path, error, 'Name another configuration with --config <file>.');
  }
}
