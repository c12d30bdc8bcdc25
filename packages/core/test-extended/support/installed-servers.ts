import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cachedFolder } from '@patchbay/testing';

const run = promisify(execFile);

/** Longest time that one installation may take, in milliseconds. */
const INSTALL_LIMIT_MS = 500_000;

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const PNPM = at('../../../../node_modules/.bin/pnpm');

/**
 * Installs the servers of `servers/package.json`, as its lockfile pins them, into the test cache, once. Nothing of them
 * is part of the workspace, so that a clone stays light. Returns the path of a file in one of the packages.
 *
 * @throws {Error} with what the package manager said.
 */
export async function installNodeServers(): Promise<(packageName: string, file: string) => string> {
  const files = ['package.json', 'pnpm-lock.yaml'].map((name) => at(`../servers/${name}`));
  const folder = await cachedFolder(`npm-servers-${await hashOf(files)}`, process.env, async (draft) => {
    for (const file of files) await copyFile(file, join(draft, file.split(/[/\\]/).at(-1) ?? ''));
    const options = [
      '--frozen-lockfile',
      '--ignore-workspace',
      '--ignore-scripts',
      '--config.engine-strict=false',
    ];
    await install(PNPM, ['install', ...options], draft);
  });
  return (packageName, file) => join(folder, 'node_modules', packageName, file);
}

/**
 * Makes a virtual environment of Python with what `python/<requirements>` pins, once. Returns its folder of programs.
 *
 * @throws {Error} with what `venv` or `pip` said.
 */
export async function installPython(requirements: string): Promise<string> {
  const file = at(`../python/${requirements}`);
  const { stdout: version } = await run('python3', ['--version']).catch((cause: unknown) => {
    throw new Error('These tests need python3 (3.10 or newer) with venv', { cause });
  });
  const name = `python-${await hashOf([file], version)}`;
  const folder = await cachedFolder(name, process.env, async (draft) => {
    // On Debian and Ubuntu venv is a package of its own.
    await install('python3', ['-m', 'venv', '.'], draft, 'Is python3-venv installed?');
    const options = ['--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
    await install(join(draft, 'bin', 'python'), ['-m', 'pip', 'install', ...options, '-r', file], draft);
  });
  return join(folder, 'bin');
}

async function install(program: string, args: readonly string[], cwd: string, hint = ''): Promise<void> {
  try {
    await run(program, [...args], { cwd, timeout: INSTALL_LIMIT_MS, maxBuffer: 16 * 1024 * 1024 });
  } catch (cause) {
    const said = cause instanceof Error ? [...textOf(cause, 'stdout'), ...textOf(cause, 'stderr')] : [];
    const what = said.join('\n') || String(cause);
    throw new Error(
      `Servers by others could not be installed. ${hint}\n${program} ${args.join(' ')}: ${what}`,
      {
        cause,
      },
    );
  }
}

/** The end of what a program wrote to one of its streams before it failed. */
function textOf(failure: object, stream: string): string[] {
  const text: unknown = Object.entries(failure).find(([key]) => key === stream)?.[1];
  return typeof text === 'string' && text.trim() !== '' ? [text.trim().slice(-2000)] : [];
}

async function hashOf(files: readonly string[], ...more: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(process.version + process.platform + process.arch + more.join());
  for (const file of files) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}
