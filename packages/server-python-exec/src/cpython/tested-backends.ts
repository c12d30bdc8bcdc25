import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { PythonBackend } from '../backend.ts';
import type { TestedBackend } from '../choose-backend.ts';
import { findImportProblem } from '../self-test/import-problem.ts';
import type { SelfTestOptions } from '../self-test/test-sandbox.ts';
import { openProven } from '../self-test/test-sandbox.ts';
import { createBwrapBackend } from './bwrap-backend.ts';
import { createHostBackend, createLandlockBackend } from './direct-backend.ts';
import { guestEnvironment } from './guest.ts';
import type { HostPython } from './host-python.ts';
import { findPython } from './host-python.ts';
import { createPipInstaller, packageFolder } from './pip-installer.ts';

export interface HostOptions {
  /** The Python to use; without it, `python3` of the search path or the system's. */
  readonly pythonPath: string | undefined;
  readonly workspace: string;
  readonly home: string;
  readonly cacheFolder: string;
  readonly selfTest: Pick<SelfTestOptions, 'parents' | 'workspace' | 'onStarting'>;
  readonly memoryMb: number;
  readonly maxOutputChars: number;
  readonly allowInstall: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** Names of what the sandbox puts into the environment; Python itself adds the last. */
export const GUEST_VARIABLES: readonly string[] = [
  ...Object.keys(guestEnvironment({ temporary: '', workspace: '' })),
  'LC_CTYPE',
];

/** The backends of this machine's Python. Each rejects with what is missing, or with what its sandbox let through. */
export interface HostBackends {
  readonly bwrap: (wanted: readonly string[]) => Promise<TestedBackend>;
  readonly landlock: (wanted: readonly string[]) => Promise<TestedBackend>;
  /** Not tested, because it isolates nothing. */
  readonly host: () => Promise<PythonBackend>;
}

/** Looks for Python when the first of them is asked for, once for all. */
export function hostBackends(options: HostOptions): HostBackends {
  const { platform, cacheFolder, selfTest, env } = options;
  let found: Promise<HostPython> | undefined;
  const python = (): Promise<HostPython> => (found ??= find(options));
  const prepare = async () => {
    const chosen = await python();
    if (!options.allowInstall) return { ...options, python: chosen };
    const folder = packageFolder(cacheFolder, chosen.version);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const install = createPipInstaller({ pythonPath: chosen.path, env, folder });
    return { ...options, python: chosen, packages: { folder, install } };
  };
  const test = async (backend: PythonBackend, wanted: readonly string[]): Promise<TestedBackend> => {
    const proven = openProven(backend, {
      ...selfTest,
      environment: GUEST_VARIABLES,
      isVirtual: false,
      readOnly: ['/', '/usr', '/etc', '/dev'],
    });
    const [session, importProblem] = await Promise.all([proven, findImportProblem(backend, wanted)]);
    return { backend, session, importProblem };
  };
  return {
    async bwrap(wanted) {
      if (platform !== 'linux') throw new Error('bubblewrap is for Linux only');
      const bwrapPath = await findProgram('bwrap', env['PATH'] ?? '');
      if (bwrapPath === undefined) throw new Error('bubblewrap (bwrap) is not installed');
      return test(createBwrapBackend({ ...(await prepare()), bwrapPath }), wanted);
    },
    async landlock(wanted) {
      if (platform !== 'linux') throw new Error('Landlock is for Linux only');
      return test(createLandlockBackend(await prepare()), wanted);
    },
    async host() {
      if (platform === 'win32') throw new Error('it needs the signals of Linux or macOS');
      return createHostBackend(await prepare());
    },
  };
}

async function find(options: HostOptions): Promise<HostPython> {
  const { workspace, home, env, pythonPath } = options;
  const candidates = pythonPath === undefined ? ['python3', '/usr/bin/python3'] : [pythonPath];
  return findPython({ candidates, workspace, home, env });
}

/** Path of a program, looked for as a shell does; undefined when there is none. */
export async function findProgram(name: string, searchPath: string): Promise<string | undefined> {
  for (const folder of searchPath.split(delimiter)) {
    // A relative entry would be looked up where the server happens to run.
    if (!isAbsolute(folder)) continue;
    const path = join(folder, name);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}
