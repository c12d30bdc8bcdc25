import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFolder, startPython } from '../test/python-server.ts';

let cache: string;
beforeAll(async () => {
  cache = await makeFolder();
  await using python = await startPython({ cache });
  await python.run('1');
});
afterAll(() => rm(cache, { recursive: true, force: true }));

test.for([
  ['that is something else', () => Buffer.from('garbage')],
  [
    'with one bit of its memory turned',
    (bytes: Buffer) => bytes.fill((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1),
  ],
] as const)('a snapshot %s is made anew, and calls are answered all the while', async ([, damage]) => {
  const folder = join(cache, 'patchbay', 'python');
  const [name = ''] = await readdir(folder);
  await writeFile(join(folder, name), damage(await readFile(join(folder, name))));
  await using python = await startPython({ cache });
  expect((await python.run('1 + 1')).text).toBe('2');
  expect(python.server.stderr()).toContain(`${join(folder, name)} is damaged`);
  await expect
    .poll(() => readdir(folder), { timeout: 20_000 })
    .toEqual([expect.stringMatching(/\.snapshot$/)]);
  const [fresh = ''] = await readdir(folder);
  expect((await stat(join(folder, fresh))).size).toBeGreaterThan(10_000_000);
});

test('a snapshot that is intact but does not start an interpreter is given up for a slow start', async () => {
  const folder = join(cache, 'patchbay', 'python');
  const [name = ''] = await readdir(folder);
  await rm(join(folder, name));
  const bytes = Buffer.alloc(2_000_000, 7);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const bad = name.replace(/[0-9a-f]{32}(?=\.snapshot$)/, hash);
  await writeFile(join(folder, bad), bytes);
  await using python = await startPython({ cache });
  expect((await python.run('1 + 1')).text).toBe('2');
  expect(python.server.stderr()).toContain('the snapshot is not usable');
  expect(await readdir(folder)).not.toContain(bad);
});

test('without a usable cache folder the server starts slowly but works', async () => {
  const file = join(cache, 'file');
  await writeFile(file, '');
  await using python = await startPython({ cache: file });
  expect((await python.run('1 + 1')).text).toBe('2');
  expect(python.server.stderr()).toContain('snapshot');
});
