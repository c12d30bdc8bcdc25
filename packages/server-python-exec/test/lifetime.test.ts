import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { backends } from './backends.ts';
import { alive, descendantsOf, killIfAlive } from './processes.ts';
import { startPython } from './python-server.ts';

/** What interpreters do while the server is killed. */
const BUSY = {
  idle: 'pass',
  loop: 'while True:\n  try:\n    while True: pass\n  except BaseException: pass',
  'c-code': 'sum(range(10 ** 13))',
};

describe.each(backends)('%s', (backend) => {
  test('no interpreter survives a server that is killed: none that is idle, in a loop or in C code', async () => {
    await using python = await startPython({ backend });
    const calls = Object.entries(BUSY).map(([session, code]) =>
      python
        .run(`open("${session}", "w").close()\n${code}`, { session, timeout_ms: 60_000 })
        .catch(() => undefined),
    );
    await vi.waitFor(() => {
      for (const name of Object.keys(BUSY)) expect(existsSync(join(python.workspace, name))).toBe(true);
    }, 20_000);
    await calls[0];
    const below = await descendantsOf(python.server.pid);
    expect(below.length).toBeGreaterThanOrEqual(Object.keys(BUSY).length);
    process.kill(python.server.pid, 'SIGKILL');
    await vi.waitFor(async () => expect(await alive(below)).toEqual([]), 20_000);
    await Promise.all(calls);
  });

  test('an interpreter that is killed from outside is replaced, the next call is told, and none survives a server that ends in order', async () => {
    await using python = await startPython({ backend });
    await python.run('x = 1');
    for (const pid of await descendantsOf(python.server.pid)) killIfAlive(pid);
    await vi.waitFor(async () => {
      const { structured } = await python.server.callTool('python_info');
      expect(structured).toMatchObject({ sessions: [] });
    }, 10_000);
    const { text } = await python.run('"x" in globals()');
    expect(text).toMatch(
      /^Note: earlier variables of this session are gone: the interpreter ended .*\nFalse$/,
    );
    await python.run('1', { session: 'two' });
    const below = await descendantsOf(python.server.pid);
    expect(below.length).toBeGreaterThanOrEqual(2);
    await python.server[Symbol.asyncDispose]();
    await vi.waitFor(async () => expect(await alive(below)).toEqual([]), 20_000);
  });
});

test('a client of the older protocol is served too', async () => {
  await using python = await startPython({ backend: backends.at(-1), era: 'legacy' });
  expect((await python.run('6 * 7')).text).toBe('42');
});
