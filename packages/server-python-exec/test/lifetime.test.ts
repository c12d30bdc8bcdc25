import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { backends } from './backends.ts';
import { alive, descendantsOf } from './processes.ts';
import { makeFolder, startPython } from './python-server.ts';

let cache: string;
beforeAll(async () => {
  cache = await makeFolder();
});
afterAll(() => rm(cache, { recursive: true, force: true }));

describe.each(backends)('%s', (backend) => {
  test.for([
    ['idle', '1'],
    ['in a loop', 'while True:\n  try:\n    while True: pass\n  except BaseException: pass'],
    ['in C code', 'sum(range(10 ** 13))'],
  ] as const)('no interpreter survives a server that is killed while it is %s', async ([, code]) => {
    await using python = await startPython({ backend, cache });
    const call = python
      .run(`open("busy", "w").close()\n${code}`, { timeout_ms: 60_000 })
      .catch(() => undefined);
    await vi.waitFor(() => expect(existsSync(join(python.workspace, 'busy'))).toBe(true), 20_000);
    const below = await descendantsOf(python.server.pid);
    expect(below.length).toBeGreaterThan(0);
    process.kill(python.server.pid, 'SIGKILL');
    await vi.waitFor(async () => expect(await alive(below)).toEqual([]), 20_000);
    await call;
  });

  test('no interpreter survives a server that ends in order', async () => {
    const python = await startPython({ backend, cache });
    await python.run('1');
    await python.run('1', { session: 'two' });
    const below = await descendantsOf(python.server.pid);
    await python[Symbol.asyncDispose]();
    await vi.waitFor(async () => expect(await alive(below)).toEqual([]), 20_000);
  });

  test('an interpreter that is killed from outside is replaced, and the next call is told', async () => {
    await using python = await startPython({ backend, cache });
    await python.run('x = 1');
    for (const pid of await descendantsOf(python.server.pid)) process.kill(pid, 'SIGKILL');
    await vi.waitFor(async () => {
      const { structured } = await python.server.callTool('python_info');
      expect(structured).toMatchObject({ sessions: [] });
    }, 10_000);
    const { text } = await python.run('"x" in globals()');
    expect(text).toMatch(
      /^Note: earlier variables of this session are gone: the interpreter ended .*\nFalse$/,
    );
  });

  test('a client of the older protocol is served too', async () => {
    await using python = await startPython({ backend, cache, era: 'legacy' });
    expect((await python.run('6 * 7')).text).toBe('42');
  });
});

test('damaged snapshots are replaced, and calls are answered all the while', async () => {
  const folder = join(cache, 'patchbay', 'python');
  const [name = ''] = await readdir(folder);
  await writeFile(join(folder, name), 'garbage');
  await using python = await startPython({ cache });
  expect((await python.run('1 + 1')).text).toBe('2');
  expect(python.server.stderr()).not.toContain('snapshot');
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
