import { errorMessage, ToolError } from '@patchbay/server-kit/program';
import type { BackendFacts, PackageInstaller, PythonBackend } from '../backend.ts';
import { createProcessSession } from '../session/process-session.ts';
import type { RunnerProcess } from '../session/runner-process.ts';
import type { HostPython } from './host-python.ts';

const MIB = 1024 * 1024;

/** Largest file that code can write, in bytes. */
export const MAX_FILE_BYTES: number = 256 * MIB;

/** Exit code of a process that was killed, as the kernel does when the machine is out of memory. */
const EXIT_KILLED = 128 + 9;

export interface GuestBackendOptions {
  readonly name: string;
  readonly python: HostPython;
  /** What code must do without, in few words; empty when nothing. */
  readonly missing: string;
  /** A warning for whoever reads the description of the tool. */
  readonly warning?: string;
  readonly isolation: readonly string[];
  readonly caveats: readonly string[];
  readonly memoryMb: number;
  readonly install?: PackageInstaller;
  /** Starts an interpreter that is ready. */
  readonly start: () => Promise<RunnerProcess>;
}

/** A backend whose interpreters are CPython processes that serve calls from behind some wall. */
export function createGuestBackend(options: GuestBackendOptions): PythonBackend {
  const { name, python, memoryMb, start, warning } = options;
  const figures = python.packages.includes('matplotlib') ? 'figures come back as images' : '';
  return {
    name,
    summary: {
      modules: ['Standard library', ...python.packages].join(', '),
      missing: [figures, options.missing].filter((part) => part !== '').join('; '),
      ...(warning === undefined ? {} : { warning }),
    },
    facts: async () => describe(options),
    ...(options.install === undefined ? {} : { install: options.install }),
    async openSession() {
      try {
        return createProcessSession(await start(), { memoryMb, outOfMemoryExit: EXIT_KILLED });
      } catch (error) {
        throw new ToolError('BACKEND_UNAVAILABLE', `${name} did not start Python: ${errorMessage(error)}`, {
          hint: 'Start the server with --backend pyodide, which needs nothing of this machine.',
          cause: error,
        });
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}

function describe({ python, missing, isolation, caveats }: GuestBackendOptions): BackendFacts {
  const { version, packages } = python;
  const more =
    packages.length === 0 ? '' : ` and what is installed for it, for example ${packages.join(', ')}`;
  const without = missing === '' ? '' : ` ${missing.slice(0, 1).toUpperCase()}${missing.slice(1)}.`;
  return {
    pythonVersion: version,
    modules: `Python's standard library${more}.${without}`,
    isolation,
    caveats,
  };
}
