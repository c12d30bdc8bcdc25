import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorMessage } from '@patchbay/server-kit/program';
import * as z from 'zod';
import { isInside } from '../is-inside.ts';

const run = promisify(execFile);

/** Longest time that Python may take to say what it is, in milliseconds; usual are 20 to 100. */
const ASK_LIMIT_MS = 10_000;

const OLDEST = [3, 10] as const;

/** A Python of this machine that may be shown to code. */
export interface HostPython {
  readonly path: string;
  readonly version: string;
  /** What must be readable to run it, beyond the system's folders. */
  readonly folders: readonly string[];
  /** Those of the packages asked about that are installed. */
  readonly packages: readonly string[];
}

export interface FindOptions {
  /** Tried in this order. */
  readonly candidates: readonly string[];
  readonly workspace: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Packages that are worth telling a model about. */
const PACKAGES = ['numpy', 'pandas', 'matplotlib', 'scipy', 'sympy', 'sklearn', 'openpyxl', 'PIL'];

/** A program that says what the Python is that runs it. */
export const PYTHON_QUESTION: string = `
import importlib.util, json, sys
names = ${JSON.stringify(PACKAGES)}
print(json.dumps({
    'path': sys.executable,
    'version': list(sys.version_info[:3]),
    'folders': sorted({sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}),
    'packages': [name for name in names if importlib.util.find_spec(name)],
}))`;

const answer = z.object({
  path: z.string().min(1),
  version: z.tuple([z.int(), z.int(), z.int()]),
  folders: z.array(z.string().startsWith('/')),
  packages: z.array(z.string()),
});

/**
 * The first candidate that has pandas, or else the first that runs.
 *
 * @throws {Error} when none can be used; says why of each.
 */
export async function findPython({ candidates, ...options }: FindOptions): Promise<HostPython> {
  const found = await Promise.allSettled(candidates.map((candidate) => ask(candidate, options)));
  const usable = found.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const best = usable.find(({ packages }) => packages.includes('pandas')) ?? usable[0];
  if (best) return best;
  const reasons = found.map((result, index) =>
    result.status === 'rejected' ? `${candidates[index]}: ${errorMessage(result.reason)}` : '',
  );
  throw new Error(`no Python can be used (${reasons.join('; ')})`);
}

async function ask(candidate: string, options: Omit<FindOptions, 'candidates'>): Promise<HostPython> {
  const { workspace, home, env } = options;
  const args = ['-I', '-c', PYTHON_QUESTION];
  // Not in the workspace, and not with this process's secrets: both are of no use to it.
  const settings = { cwd: '/', timeout: ASK_LIMIT_MS, env: { PATH: env['PATH'], HOME: home } };
  const { stdout } = await run(candidate, args, settings).catch((error: unknown) => {
    throw new Error(errorMessage(error).split('\n')[0], { cause: error });
  });
  const { path, version, folders, packages } = parsePython(stdout);
  const real = await Promise.all(folders.map((folder) => realpath(folder)));
  const needed = [...new Set([...folders, ...real])].filter((folder) => !isInside('/usr', folder));
  for (const place of [...needed, await realpath(path)]) {
    // Code could replace it, and the next start would run that outside the sandbox.
    if (isInside(workspace, place)) throw new Error(`${place} is inside the workspace`);
  }
  for (const folder of needed) {
    const isTooMuch = isInside(folder, home) || isInside(folder, workspace);
    if (isTooMuch) throw new Error(`its folder ${folder} holds more than Python`);
  }
  return { path, version, folders: needed, packages };
}

/** Reads the answer to {@link PYTHON_QUESTION}. @throws {Error} when it is none, or too old a Python. */
export function parsePython(text: string): HostPython {
  const { path, version, folders, packages } = answer.parse(JSON.parse(text));
  const [major, minor] = version;
  if (major !== OLDEST[0] || minor < OLDEST[1])
    throw new Error(`is ${version.join('.')}, needs 3.10 or newer`);
  return { path, version: version.join('.'), folders, packages };
}
