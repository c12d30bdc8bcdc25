import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

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

/** Replaces what is allowed. Throws the system's error where it cannot be written. */
export async function writeAllowedTools(path: string, allow: readonly string[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.new`;
  await writeFile(next, `${JSON.stringify({ allow }, undefined, 2)}\n`, { mode: 0o600 });
  await rename(next, path);
}
