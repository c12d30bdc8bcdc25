import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ToolError } from '@patchbay/server-kit/program';
import type { PackageInstaller } from '../backend.ts';

const run = promisify(execFile);

/** Longest time that an installation may take, in milliseconds. */
const LIMIT_MS = 300_000;

/** What pip is told by its user: where its index is, through which proxy, with which certificates. */
const PASSED_ON =
  /^(PATH|HOME|LANG|XDG_CONFIG_HOME|PIP_.*|SSL_CERT_.*|REQUESTS_CA_BUNDLE|(https?|all|no)_proxy)$/i;

export interface PipOptions {
  readonly pythonPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
}

/**
 * Installs wheels into a folder with the pip of `pythonPath`, outside every sandbox. Of a wheel nothing runs when it is
 * installed; packages that would have to be built, which means to run, are refused.
 */
export function createPipInstaller({ pythonPath, env, folder }: PipOptions): PackageInstaller {
  return async (names, signal) => {
    const options = ['--only-binary', ':all:', '--no-input', '--disable-pip-version-check', '--quiet'];
    const args = ['-I', '-m', 'pip', 'install', ...options, '--upgrade', '--target', folder, '--', ...names];
    const passed = Object.entries(env).filter(([name]) => PASSED_ON.test(name));
    try {
      await run(pythonPath, args, { cwd: '/', env: Object.fromEntries(passed), timeout: LIMIT_MS, signal });
    } catch (error) {
      signal.throwIfAborted();
      const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
      throw new ToolError('INSTALL_FAILED', `pip could not install ${names.join(', ')}: ${lastError(said)}`, {
        hint: 'Check the names and versions; packages without a wheel for this Python cannot be installed.',
        cause: error,
      });
    }
  };
}

/** The folder for packages of one Python: another version could not use them. */
export function packageFolder(cacheFolder: string, version: string): string {
  return join(cacheFolder, `packages-${version.split('.').slice(0, 2).join('.')}`);
}

function lastError(text: string): string {
  const lines = text.trim().split('\n');
  return (lines.findLast((line) => line.startsWith('ERROR:')) ?? lines.at(-1) ?? '').slice(0, 500);
}
