import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { backends } from './backends.ts';
import { alive, descendantsOf } from './processes.ts';
import { startPython } from './python-server.ts';

describe.each(backends)('%s', (backend) => {
  test.concurrent.for([
    ['idle', '1'],
    ['in a loop', 'while True:\n  try:\n    while True: pass\n  except BaseException: pass'],
    ['in C code', 'sum(range(10 ** 13))'],
  ] as const)('no interpreter survives a server that is killed while it is %s', async ([, code]) => {
    await using python = await startPython({ backend });
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
    const python = await startPython({ backend });
    await python.run('1');
    await python.run('1', { session: 'two' });
    const below = await descendantsOf(python.server.pid);
    await python[Symbol.asyncDispose]();
    await vi.waitFor(async () => expect(await alive(below)).toEqual([]), 20_000);
  });

  test('an interpreter that is killed from outside is replaced, and the next call is told', async () => {
    await using python = await startPython({ backend });
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
});

test('a client of the older protocol is served too', async () => {
  await using python = await startPython({ backend: backends.at(-1), era: 'legacy' });
  expect((await python.run('6 * 7')).text).toBe('42');
});
