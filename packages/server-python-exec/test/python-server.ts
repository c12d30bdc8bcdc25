import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerProcess, ToolOutcome } from '@patchbay/testing';
import { startServerProcess } from '@patchbay/testing';
import { inject } from 'vitest';
import type { Backend } from './backends.ts';

/** What a test reads of a `run_python` result. */
interface Structured {
  readonly status: string;
  readonly value?: { readonly repr: string; readonly type: string; readonly json?: unknown };
  readonly new_variables: readonly {
    readonly name: string;
    readonly type: string;
    readonly summary: string;
  }[];
  readonly changed_variables: readonly { readonly name: string }[];
  readonly stdout: string;
  readonly stderr: string;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly figures: readonly string[];
  readonly state_lost: boolean;
  readonly elapsed_ms: number;
  readonly backend: string;
}

export interface PythonServer extends AsyncDisposable {
  readonly server: ServerProcess;
  /** A folder of this test: `workspace` and whatever else lives in it. */
  readonly folder: string;
  readonly workspace: string;
  /** What the code sees as its working directory. */
  readonly workingDirectory: string;
  readonly cache: string;
  run(
    code: string,
    more?: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<ToolOutcome & { structured: Structured }>;
}

export async function makeFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'patchbay-python-')));
}

/** Starts the server from source with a workspace of its own, and a cache that all test files share. */
export async function startPython(
  options: {
    /** `pyodide` when absent: what a test is about must not depend on the machine. */
    readonly backend?: Backend | 'container' | 'host' | 'jupyter' | 'auto';
    readonly args?: readonly string[];
    readonly cache?: string;
    readonly env?: Record<string, string>;
    readonly era?: 'legacy' | 'modern';
  } = {},
): Promise<PythonServer> {
  const folder = await makeFolder();
  const workspace = join(folder, 'workspace');
  await mkdir(workspace);
  const hasOwnRoot = !['cpython-landlock', 'host', 'jupyter'].includes(options.backend ?? 'pyodide');
  const cache = options.cache ?? inject('cache') ?? `${folder}-cache`;
  const server = await startServerProcess({
    main: new URL('../src/main.ts', import.meta.url),
    args: ['--workspace', workspace, '--backend', options.backend ?? 'pyodide', ...(options.args ?? [])],
    env: { XDG_CACHE_HOME: cache, ...options.env },
    era: options.era ?? 'modern',
  });
  return {
    server,
    folder,
    workspace,
    workingDirectory: hasOwnRoot ? '/workspace' : workspace,
    cache,
    async run(code, more = {}, signal) {
      const outcome = await server.callTool('run_python', { code, ...more }, signal);
      return { ...outcome, structured: outcome.structured as Structured };
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
      await rm(`${folder}-cache`, { recursive: true, force: true });
    },
  };
}
