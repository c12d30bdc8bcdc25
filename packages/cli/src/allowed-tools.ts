import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileNotWritten } from '@patchbay/core';

/** What the user has allowed for good in one project: `server` or `server/tool`. A file that cannot be read allows nothing. */
export async function readAllowedTools(path: string): Promise<readonly string[]> {
  try {
    const saved: unknown = JSON.parse(await readFile(path, 'utf8'));
    const names: unknown = typeof saved === 'object' && saved !== null && 'allow' in saved ? saved.allow : [];
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

/**
 * Replaces what is allowed.
 *
 * @throws {PatchbayError} `FILE_NOT_WRITTEN`, with the reason. What was there before stays.
 */
export async function writeAllowedTools(path: string, allow: readonly string[]): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const next = `${path}.new`;
    await writeFile(next, `${JSON.stringify({ allow }, undefined, 2)}\n`, { mode: 0o600 });
    await rename(next, path);
  } catch (error) {
    const hint = 'Use --data-dir <folder> to keep it elsewhere. Until this run ends, it stays allowed.';
    throw fileNotWritten(path, error, hint);
  }
}
