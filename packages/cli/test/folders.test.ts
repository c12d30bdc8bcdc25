import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheFolder, codeFolder } from '../src/folders.ts';
import { createProject, math } from './support/cli.ts';

test.for([
  [{ PATCHBAY_CACHE: 'off', HOME: '/home/me' }, undefined],
  [{ PATCHBAY_CACHE: '/tmp/mine', XDG_CACHE_HOME: '/cache' }, '/tmp/mine'],
  [{ XDG_CACHE_HOME: '/cache', HOME: '/home/me' }, join('/cache', 'patchbay', 'servers')],
  [{ HOME: '/home/me' }, join('/home/me', '.cache', 'patchbay', 'servers')],
  [{ XDG_CACHE_HOME: '', HOME: '' }, undefined],
  [{}, undefined],
] as const)('with %j servers are remembered in %s', ([env, folder]) => {
  expect(cacheFolder(env)).toBe(folder);
});

test('a server is remembered after its first run, unless that is off', async () => {
  await using project = await createProject({ math });
  const folder = join(project.folder, 'cache');
  await project.patchbay(['servers'], { env: { PATCHBAY_CACHE: 'off' } });
  await expect(readdir(folder)).rejects.toThrow('ENOENT');
  const cold = await project.patchbay(['servers']);
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^[0-9a-f]{16}\.json$/)]);
  const warm = await project.patchbay(['servers']);
  const tools = (stdout: string): string | undefined => /✓ math +\d+ tools/.exec(stdout)?.[0];
  expect(tools(warm.stdout)).toBe(tools(cold.stdout));
});

test.for([
  [{ PATCHBAY_CACHE: 'off', HOME: '/home/me' }, undefined],
  [{ PATCHBAY_CACHE: '/tmp/mine', XDG_CACHE_HOME: '/cache' }, join('/tmp/mine', 'code')],
  [{ HOME: '/home/me' }, join('/home/me', '.cache', 'patchbay', 'code')],
] as const)('with %j compiled code is kept in %s', ([env, folder]) => {
  expect(codeFolder(env)).toBe(folder);
});
