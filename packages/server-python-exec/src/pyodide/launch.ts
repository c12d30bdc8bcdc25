import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** WebAssembly's page size, in KiB. */
const PAGE_KIB = 64;

/** Largest JavaScript heap of a runner, in MiB. Python's objects are not on it. */
const JS_HEAP_MIB = 256;

/** Room for new objects on that heap, in MiB: starting fills more than the default, and clearing up is a tenth of it. */
const NEW_OBJECTS_MIB = 32;

/** V8's stack, in KiB: deep Python recursion needs more than the default, and 4 MiB is below every usual limit. */
const STACK_KIB = 3900;

export interface LaunchOptions {
  readonly nodePath: string;
  readonly pyodideFolder: string;
  readonly memoryMb: number;
  /** Files and folders that the runner may read besides Pyodide and itself. */
  readonly readable: readonly string[];
  readonly writable: readonly string[];
}

const here = dirname(fileURLToPath(import.meta.url));
const runnerSource = new URL('./runner/main.ts', import.meta.url);
/** The sources run as they are; in the build, the runner is JavaScript like this file. */
const built = (url: URL): string => fileURLToPath(url).replace(/\.ts$/, extname(import.meta.url));
const runnerPath = built(runnerSource);
/** The one module that the runner shares with the server. */
const sharedPath = built(new URL('../session/bounded-text.ts', import.meta.url));
/** Node reads it to learn that the runner is a module. */
const manifestPath = fileURLToPath(new URL('../../package.json', import.meta.url));

/**
 * Starts a runner with an empty environment, without the right to start anything, and with files to itself that are
 * listed one by one. Its reply channel is file descriptor 3; what reaches its standard output goes nowhere.
 */
export function launchRunner(options: LaunchOptions): ChildProcess {
  const readable = [options.pyodideFolder, here, sharedPath, manifestPath, ...options.readable];
  return spawn(
    options.nodePath,
    [
      '--permission',
      ...readable.map((path) => `--allow-fs-read=${path}`),
      ...options.writable.map((path) => `--allow-fs-write=${path}`),
      '--disallow-code-generation-from-strings',
      `--wasm-max-mem-pages=${(options.memoryMb * 1024) / PAGE_KIB}`,
      `--max-old-space-size=${JS_HEAP_MIB}`,
      `--min-semi-space-size=${NEW_OBJECTS_MIB}`,
      `--stack-size=${STACK_KIB}`,
      '--no-warnings',
      runnerPath,
    ],
    { cwd: options.pyodideFolder, env: {}, stdio: ['pipe', 'ignore', 'pipe', 'pipe'], windowsHide: true },
  );
}

/**
 * Kills `child` when this process is gone, even if it had no chance to do so itself and the child is too busy to
 * notice that its input ended. Where there is no shell the child is left to notice.
 */
export function killWithUs(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const script = 'read -r _; kill -9 "$1"';
  const watch = spawn('/bin/sh', ['-c', script, 'sh', String(child.pid)], {
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watch.once('error', () => undefined);
  child.once('exit', () => watch.kill('SIGKILL'));
}
