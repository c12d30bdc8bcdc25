import { chmod, mkdir, mkdtempDisposable, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHost } from '../src/host.ts';
import { outcomeText } from '../src/tools.ts';
import { DEFAULTS, good, startAll } from './support/served.ts';

const { PATH, HOME } = process.env;

/** The folder that a server was told to keep what is compiled of it in. */
async function codeFolderOf(cacheFolder: string, env: object = {}, own: object = {}): Promise<unknown> {
  await using host = createHost(
    { source: 'test', servers: [{ ...DEFAULTS, name: 'good', transport: good({ ...own }) }] },
    { env: { PATH, HOME, ...env }, client: { name: 'test', version: '1' }, cacheFolder },
  );
  await startAll(host);
  const told = JSON.parse(outcomeText(await host.tools.callTool('good__environment', {})));
  return told.NODE_COMPILE_CACHE;
}

test('what Node compiles of a server is kept where the server is remembered, for its user alone', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'patchbay-'));
  const code = join(folder.path, 'code');
  expect(await codeFolderOf(folder.path)).toBe(code);
  expect(await readdir(code)).toHaveLength(1);
  expect((await stat(code)).mode & 0o777).toBe(0o700);
});

test('who has said where compiled code is kept, or that it is not, is heard', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'patchbay-'));
  const elsewhere = { NODE_COMPILE_CACHE: join(folder.path, 'elsewhere') };
  expect(await codeFolderOf(folder.path, elsewhere)).toBe(elsewhere.NODE_COMPILE_CACHE);
  expect(await codeFolderOf(folder.path, {}, elsewhere)).toBe(elsewhere.NODE_COMPILE_CACHE);
  expect(await codeFolderOf(folder.path, { NODE_DISABLE_COMPILE_CACHE: '1' })).toBeUndefined();
});

test('a folder that others can write to is not used, for what they put there would be run', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'patchbay-'));
  const code = join(folder.path, 'code');
  await mkdir(code);
  await chmod(code, 0o777);
  expect(await codeFolderOf(folder.path)).toBeUndefined();
});
