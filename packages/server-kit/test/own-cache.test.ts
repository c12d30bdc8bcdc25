import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { cacheFolder } from '../src/own-cache/index.ts';

const module = new URL('../src/own-cache/index.ts', import.meta.url).href;

const program = `
  import { getCompileCacheDir } from 'node:module';
  import { rememberCode } from ${JSON.stringify(module)};
  await rememberCode(process);
  await import('node:path');
  console.log(getCompileCacheDir() === undefined ? 'nothing' : 'something');
`;

/** Whether a program that remembers its code does so in an environment. */
async function remembers(env: Readonly<Record<string, string>>): Promise<string> {
  const args = ['--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...env } });
  return stdout.trim();
}

async function temporaryHome(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'patchbay-home-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

test.for([
  [{ XDG_CACHE_HOME: '/c' }, 'linux', '/c/patchbay'],
  [{}, 'linux', '/h/.cache/patchbay'],
  [{ XDG_CACHE_HOME: '' }, 'linux', '/h/.cache/patchbay'],
  [{}, 'darwin', '/h/Library/Caches/patchbay'],
] as const)('with %j the cache on %s is %s', ([env, platform, expected]) => {
  expect(cacheFolder({ env, platform, home: '/h' })).toBe(expected);
});

test('what Node compiles is kept in the cache of the user, who alone can read and write there', async () => {
  await using home = await temporaryHome();
  expect(await remembers({ HOME: home.path, USERPROFILE: home.path, XDG_CACHE_HOME: home.path })).toBe(
    'something',
  );
  const folder = join(home.path, 'patchbay', 'code');
  const { mode } = await stat(folder);
  const isPrivate = process.platform === 'win32' || (mode & 0o777) === 0o700;
  expect({ isEmpty: (await readdir(folder)).length === 0, isPrivate }).toEqual({
    isEmpty: false,
    isPrivate: true,
  });
});

test.skipIf(process.platform === 'win32')('code is not taken from where others can write', async () => {
  await using home = await temporaryHome();
  const folder = join(home.path, 'patchbay', 'code');
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o777);
  expect(await remembers({ HOME: home.path, XDG_CACHE_HOME: home.path })).toBe('nothing');
  expect(await readdir(folder)).toEqual([]);
});

test('without a home nothing is kept', async () => {
  expect(await remembers({})).toBe('nothing');
});
