import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProgramOptions, ProgramResult } from '@patchbay/testing';
import { runProgram } from '@patchbay/testing';

const main = new URL('../../src/main.ts', import.meta.url);

// Whole literals, so that tools which follow imports find the packages.
const MAINS = {
  math: new URL('./main.ts', import.meta.resolve('@patchbay/server-math')),
  notes: new URL('./main.ts', import.meta.resolve('@patchbay/server-notes')),
  'python-exec': new URL('./main.ts', import.meta.resolve('@patchbay/server-python-exec')),
  sql: new URL('./main.ts', import.meta.resolve('@patchbay/server-sql')),
};

export const mathMain = MAINS.math;

/** The math server, from source: a real one, with real arithmetic. */
export const math = fromSource('math');

/** One of the servers of this workspace, as a configuration names it. */
export function fromSource(name: keyof typeof MAINS, ...args: readonly string[]) {
  const program = fileURLToPath(MAINS[name]);
  return {
    command: process.execPath,
    args: ['--conditions=@patchbay/source', program, ...args],
    trusted: true,
  };
}

export interface Project extends AsyncDisposable {
  readonly folder: string;
  /** Keeps what is remembered inside the folder. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs `patchbay` in the project's folder. */
  patchbay(args: readonly string[], options?: Omit<ProgramOptions, 'args' | 'cwd'>): Promise<ProgramResult>;
}

/** An empty folder with an `mcp.json` of the given servers, and other files by name. */
export async function createProject(
  servers: Readonly<Record<string, object>>,
  files: Readonly<Record<string, string>> = {},
): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-cli-'));
  const all = { 'mcp.json': JSON.stringify({ mcpServers: servers }), ...files };
  for (const [name, content] of Object.entries(all)) await writeFile(join(folder, name), content);
  const env = { PATCHBAY_CACHE: join(folder, 'cache'), PATCHBAY_STATE: join(folder, 'state') };
  return {
    folder,
    env,
    patchbay: (args, options = {}) =>
      runProgram(main, { ...options, env: { ...env, ...options.env }, args, cwd: folder }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
