import { readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage } from '@patchbay/server-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kernelAttempts } from '../test/escapes/kernel.ts';
import { sharedAttempts } from '../test/escapes/shared.ts';
import { testEscapes } from '../test/escapes/test-escapes.ts';
import type { PythonServer } from '../test/python-server.ts';
import { makeFolder, startPython } from '../test/python-server.ts';
import type { Containers } from './container-image.ts';
import { prepareContainers } from './container-image.ts';

/** Attempts at what a container has of its own: these files and processes are not the machine's. */
const OF_ITS_OWN: readonly string[] = [
  '/etc',
  '/etc/passwd',
  '/proc of the host',
  '/sys',
  'a device folder',
  'processes outside',
];

function prepare(): readonly Containers[] {
  try {
    return [prepareContainers()];
  } catch (error) {
    console.warn(`No tests of containers: ${errorMessage(error)}`);
    return [];
  }
}

test.for([
  [['--container-cli', 'no-such-runtime', '--container-image', 'x'], 'no-such-runtime is not installed'],
  [[], 'which image? Add --container-image'],
] as const)('a server with %j ends with the reason', async ([args, reason]) => {
  await expect(startPython({ backend: 'container', args })).rejects.toThrow(reason);
});

describe.each(prepare())('with Podman', ({ cli, image, remove }) => {
  const start = (
    env: Record<string, string> = {},
    args: readonly string[] = [],
    cache?: string,
  ): Promise<PythonServer> =>
    startPython({
      ...(cache === undefined ? {} : { cache }),
      backend: 'container',
      env,
      args: ['--container-cli', cli, '--container-image', image, ...args],
    });
  afterAll(remove);

  describe('a container', () => {
    let python: PythonServer;
    beforeAll(async () => {
      python = await start();
    });
    afterAll(() => python[Symbol.asyncDispose]());

    test('keeps variables, shares the workspace and says what it is', async () => {
      await python.run('x = 20\nopen("made.txt", "w").write("made")');
      const { text, structured } = await python.run('print("out")\nx + len(open("made.txt").read())');
      expect(text).toBe('out\n24');
      expect(structured.backend).toBe('container');
      const info = await python.server.callTool('python_info');
      expect(info.text).toContain(`Each session is a container of the image ${image}`);
    });

    test('is interrupted at its time limit, or ended where it does not react, and replaced', async () => {
      await python.run('kept = 1');
      const loop = await python.run('while True: pass', { timeout_ms: 300 });
      expect(loop.text).toMatch(/^TIMEOUT: Interrupted after 300 ms/);
      expect((await python.run('kept')).text).toBe('1');
      const stuck = await python.run('sum(range(10 ** 13))', { timeout_ms: 300 });
      expect(stuck.text).toMatch(/^TIMEOUT: The code ran longer than 300 ms and did not react/);
      expect((await python.run('"kept" in globals()')).text).toBe('False');
    });

    test('has as much memory as was said', async () => {
      expect((await python.run('x = bytearray(2 * 10 ** 9)')).text).toMatch(/^OUT_OF_MEMORY: /);
      expect((await python.run('1 + 1')).text).toBe('2');
    });
  });

  test('what Python compiled is read by the next containers, which cannot change it, and thrown away when it is damaged', async () => {
    const cache = await makeFolder();
    const folder = join(cache, 'patchbay', 'python', 'container-images');
    const compiled = async (): Promise<string[]> =>
      (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.pyc'));
    {
      await using python = await start({}, [], cache);
      expect((await python.run('import sys\nopen(sys.modules["asyncio"].__cached__, "w")')).text).toMatch(
        /^PYTHON_ERROR: OSError: \[Errno 30\]/,
      );
    }
    const names = await compiled();
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) await truncate(join(folder, name), 20);
    await using python = await start({}, [], cache);
    expect((await python.run('1 + 1')).text).toBe('2');
    expect(python.server.stderr()).toContain('its bytecode is made anew next time');
    expect(await compiled()).toEqual([]);
    await rm(cache, { recursive: true });
  });

  test('an image that is not there ends the server with the reason', async () => {
    const args = ['--container-image', 'localhost/patchbay-none:1'];
    await expect(start({}, args)).rejects.toThrow(/--backend container cannot run: .*patchbay-none/);
  });

  describe('attempts to get out of a container', () => {
    const attempts = [...sharedAttempts, ...kernelAttempts].filter(([name]) => !OF_ITS_OWN.includes(name));
    testEscapes(attempts, (env) => start(env, ['--memory-mb', '128']));
  });
});
