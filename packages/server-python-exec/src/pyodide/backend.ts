import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { realpathSync } from 'node:fs';
import { errorMessage, ToolError } from '@patchbay/server-kit/program';
import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import type { BackendFacts, PythonBackend, PythonSession } from '../backend.ts';
import { readDriver } from '../session/driver-source.ts';
import { createProcessSession } from '../session/process-session.ts';
import type { LaunchOptions } from './launch.ts';
import { findPackages } from './package-folder.ts';
import type { SnapshotFile } from './protocol.ts';
import { EXIT_OUT_OF_MEMORY } from './protocol.ts';
import { makeSnapshot, startRunner } from './runner-process.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { createSnapshotStore } from './snapshot-store.ts';

/** What a runner needs besides Python's own memory: Node, Pyodide's compiled code, the JavaScript heap. */
const OVERHEAD_BYTES = 500 * 1024 * 1024;

export interface PyodideOptions {
  /** Real path of the folder that code may read and write. */
  readonly workspace: string;
  /** Where the memory snapshot is kept. */
  readonly cacheFolder: string;
  readonly memoryMb: number;
  readonly maxOutputChars: number;
  /** The Node that runs the interpreters, and its version. */
  readonly nodePath: string;
  readonly nodeVersion: string;
  /** The account that runs the server, where systems have such. */
  readonly uid?: number | undefined;
  /** A folder of wheels, and which of its packages are loaded. Without it, there is the standard library. */
  readonly packages?: { readonly folder: string; readonly wanted: readonly string[] } | undefined;
  /** Told what went wrong without failing a call. */
  readonly warn: (message: string) => void;
}

const lockSchema = z.object({ info: z.looseObject({ python: z.string() }) });

/** Python compiled to WebAssembly, each session in a Node process that is kept from almost everything. */
export async function createPyodideBackend(options: PyodideOptions): Promise<PythonBackend> {
  const { workspace, memoryMb, maxOutputChars, warn } = options;
  const files = await findFiles();
  const packages =
    options.packages === undefined
      ? undefined
      : await findPackages({ ...options.packages, lockFile: files.lockFile });
  const launch = (readable: readonly string[], writable: readonly string[]): LaunchOptions => ({
    nodePath: options.nodePath,
    pyodideFolder: files.folder,
    memoryMb,
    readable,
    writable,
  });
  const store = createSnapshotStore({
    folder: options.cacheFolder,
    key: `pyodide-node${options.nodeVersion}-${files.hash}`,
    uid: options.uid,
    make: () => makeSnapshot({ kind: 'make-snapshot', ...files.boot }, launch([], [])),
  });

  const start = async (snapshot: SnapshotFile | undefined): Promise<PythonSession> => {
    const maxResidentBytes = memoryMb * 1024 * 1024 + OVERHEAD_BYTES;
    const order = {
      kind: 'boot',
      ...files.boot,
      ...(packages === undefined ? {} : { lockFile: packages.lockFile }),
      packages,
      snapshot,
      workspace,
      maxOutputChars,
      maxResidentBytes,
    } as const;
    const readable = [
      workspace,
      ...(snapshot ? [snapshot.path] : []),
      ...(packages ? [packages.folder] : []),
    ];
    const runner = await startRunner(order, launch(readable, [workspace]));
    return createProcessSession(runner, { memoryMb, outOfMemoryExit: EXIT_OUT_OF_MEMORY });
  };

  // Found or made now, sessions start at once. What is wrong is told by those that try again.
  await store.get().catch(() => undefined);
  return {
    name: 'pyodide',
    summary: {
      modules:
        packages === undefined
          ? 'Standard library only: no numpy or pandas (use csv, statistics, sqlite3)'
          : ['Standard library', ...packages.names].join(', '),
      missing: 'no network, subprocesses or threads',
    },
    facts: async () => describe(files.python, { memoryMb, packages: packages?.names ?? [] }),
    openSession: () => startFast(start, store, warn),
    async [Symbol.asyncDispose]() {},
  };
}

/** Starts from the snapshot; without one, or when it turns out to be bad, the slow way. */
async function startFast(
  start: (snapshot: SnapshotFile | undefined) => Promise<PythonSession>,
  store: SnapshotStore,
  warn: (message: string) => void,
): Promise<PythonSession> {
  const snapshot = await store.get().catch((error: unknown) => {
    warn(`starts slowly, without a snapshot: ${errorMessage(error)}`);
    return undefined;
  });
  if (snapshot !== undefined) {
    try {
      // Twice, because a process that was killed meanwhile says nothing about the snapshot.
      return await start(snapshot).catch(() => start(snapshot));
    } catch (error) {
      warn(`the snapshot is not usable and will be made anew: ${errorMessage(error)}`);
      await store.discard(snapshot);
    }
  }
  try {
    return await start(undefined);
  } catch (error) {
    throw new ToolError(
      'BACKEND_UNAVAILABLE',
      `No Python interpreter could be started: ${errorMessage(error)}`,
      {
        hint: 'Trying again may help. If it does not, the installation of this server is damaged.',
        cause: error,
      },
    );
  }
}

async function findFiles() {
  const entry = realpathSync(fileURLToPath(import.meta.resolve('pyodide')));
  const folder = dirname(entry);
  const lockFile = await readFile(join(folder, 'pyodide-lock.json'), 'utf8');
  const { info } = lockSchema.parse(JSON.parse(lockFile));
  const driver = await readDriver(['pyodide/waiting.py']);
  const hash = createHash('sha256')
    .update(manifest.version)
    .update(lockFile)
    .update(driver)
    .digest('hex')
    .slice(0, 16);
  return {
    folder,
    hash,
    lockFile,
    python: info.python,
    // No package is there to be installed: without the list, Pyodide does not tell the code to install one.
    boot: {
      pyodideUrl: pathToFileURL(entry).href,
      lockFile: JSON.stringify({ info, packages: {} }),
      driver,
    },
  };
}

function describe(
  pythonVersion: string,
  { memoryMb, packages }: { readonly memoryMb: number; readonly packages: readonly string[] },
): BackendFacts {
  const modules =
    packages.length === 0
      ? "Python's standard library only: no numpy, pandas, matplotlib or pip."
      : `Python's standard library, ${packages.join(', ')} and what they need.`;
  return {
    pythonVersion,
    modules: `${modules} No threads, no subprocesses, no sockets, no time zone data.`,
    isolation: [
      'Python runs as WebAssembly in a separate Node process for each session, started with an empty environment.',
      'Files: the workspace folder is the only part of the disk; links in it are refused. At most 256 MB are written per call.',
      'Processes: none can be started (Node permission model, and the functions are removed).',
      'Network: none (connecting, listening and name look-ups are removed, and no module can be loaded to bring them back).',
      'JavaScript: code generation from strings and loading of modules are off.',
      `Memory: ${memoryMb} MB for Python; the process ends when it grows far beyond that.`,
    ],
    caveats: [
      'There is no container or virtual machine: a flaw in V8, Node or Pyodide would reach the account that runs the server.',
      "Node's documentation says that its permission model does not protect against malicious code; it is one layer of several here.",
      'Processor time is limited per call only.',
    ],
  };
}
