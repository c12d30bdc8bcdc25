import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backends } from './backends.ts';
import type { PythonServer } from './python-server.ts';
import { startPython } from './python-server.ts';

describe.each(backends)('%s', (backend) => {
  let python: PythonServer;
  beforeAll(async () => {
    python = await startPython({ backend, args: ['--memory-mb', '128', '--max-output-chars', '2000'] });
  });
  afterAll(() => python[Symbol.asyncDispose]());

  test.for([
    ['a loop', 'while True: pass'],
    ['a sleep', 'import time\ntime.sleep(100)'],
    ['an awaited sleep', 'await __import__("asyncio").sleep(100)'],
    ['a coroutine that never yields', 'async def f():\n  while True: pass\nawait f()'],
    ['a regular expression', 'import re\nre.match("(a*)*b", "a" * 40)'],
    [
      'a loop that ignores the first interrupts',
      'n = 0\nwhile n < 3:\n  try:\n    while True: pass\n  except KeyboardInterrupt: n += 1\nwhile True: pass',
    ],
    ['endless output', 'while True: print("y" * 100)'],
    ['a repr that does not end', 'class A:\n  def __repr__(self):\n    while True: pass\nA()'],
  ] as const)('%s is interrupted and variables are kept', async ([, code]) => {
    await python.run('kept = [1, 2]');
    const { text, isError } = await python.run(code, { timeout_ms: 100 });
    expect(isError).toBe(true);
    expect(text).toMatch(/^TIMEOUT: Interrupted after 100 ms( \(line \d+\))?; variables are kept\n/);
    expect(text.length).toBeLessThan(3000);
    expect((await python.run('kept')).text).toBe('[1, 2]');
  });

  test('a variable whose repr does not end costs one call, not those after it', async () => {
    const code = 'class Endless:\n  def __repr__(self):\n    while True: pass\nendless = Endless()';
    expect((await python.run(code, { timeout_ms: 100 })).text).toMatch(/^TIMEOUT: /);
    expect((await python.run('after = 1; after', { timeout_ms: 5000 })).structured).toMatchObject({
      value: { repr: '1' },
      new_variables: [{ summary: '<Endless that takes long to show>' }, { name: 'after' }],
    });
    await python.run('del endless');
  });

  test.for([
    ['a loop in C', 'print("before")\nsum(range(10 ** 12))'],
    [
      'code that ignores every interrupt',
      backend === 'pyodide'
        ? 'print("before")\nwhile True:\n  try:\n    while True: pass\n  except BaseException: pass'
        : 'import signal\nprint("before")\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass',
    ],
  ] as const)(
    '%s is killed, which loses the variables, and the next call has a fresh interpreter',
    async ([, code]) => {
      await python.run('lost = 1');
      const { text, isError } = await python.run(code, { timeout_ms: 100 });
      expect(isError).toBe(true);
      expect(text.split('\n')).toEqual([
        'TIMEOUT: The code ran longer than 100 ms and did not react to the interrupt; all variables of session "default" are lost',
        'before',
        'The next call starts a fresh interpreter: import and define again what it needs.',
      ]);
      expect((await python.run('"lost" in globals()')).text).toBe('False');
    },
  );

  test('what was printed before the time was up is told', async () => {
    const { text } = await python.run('print("progress")\nwhile True: pass', { timeout_ms: 300 });
    expect(text.split('\n')[1]).toBe('progress');
  });

  test.for(['[0] * 10 ** 9', 'x = []\nwhile True: x.append(bytearray(10 ** 6))', '"x" * 10 ** 9'])(
    '%j runs out of memory and variables are kept',
    async (code) => {
      await python.run('kept = 3');
      const { text, isError } = await python.run(code);
      expect(isError).toBe(true);
      expect(text).toMatch(/^OUT_OF_MEMORY: MemoryError \(line \d\); variables are kept\n/);
      expect((await python.run('x = None\nkept')).text).toBe('3');
    },
  );

  test('every interpreter has randomness of its own', async () => {
    const numbers = new Set<string>();
    for (const session of ['r1', 'r2', 'r3']) {
      const { text } = await python.run(
        'import random, uuid, os\n(random.random(), uuid.uuid4().hex, os.urandom(8).hex())',
        { session },
      );
      for (const part of text.slice(1, -1).split(', '))
        numbers.add(createHash('sha256').update(part).digest('hex'));
      await python.server.callTool('reset_session', { session });
    }
    expect(numbers.size).toBe(9);
  });

  if (backend === 'pyodide') ofWebAssembly(() => python);
  else ofTheKernel(() => python, backend === 'cpython-bwrap' ? ['/tmp', '/dev/shm'] : []);
});

/** Limits of an interpreter whose files outside the workspace are memory of its process. */
function ofWebAssembly(python: () => PythonServer): void {
  test('files outside the workspace are memory too, and filling it ends the interpreter', async () => {
    const code =
      'i = 0\nwhile True:\n  i += 1\n  with open(f"/tmp/{i}", "wb") as f: f.write(bytes(5_000_000))';
    const { text, isError } = await python().run(code);
    expect(isError).toBe(true);
    expect(text).toMatch(/^OUT_OF_MEMORY: /);
    expect((await python().run('1 + 1')).text).toBe('2');
  });

  test('one call cannot fill the disk', async () => {
    const code = 'with open("big", "wb") as f:\n  for _ in range(300): f.write(bytes(1_000_000))';
    const { text } = await python().run(code);
    expect(text).toMatch(/^PYTHON_ERROR: OSError: \[Errno 51\] No space left on device/);
    expect((await python().run('import os\nos.remove("big")')).isError).toBe(false);
  });
}

/** Limits that the kernel keeps; each folder of `inMemory` is a file system that holds 64 MB. */
function ofTheKernel(python: () => PythonServer, inMemory: readonly string[]): void {
  test('a session has the descriptors of its own streams and channel, and none of the server', async () => {
    const code = `import os
def is_open(fd):
  try: return bool(os.fstat(fd))
  except OSError: return False
[fd for fd in range(256) if is_open(fd)]`;
    expect((await python().run(code)).structured.value?.json).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('recursion without an end is refused before it has filled the memory, whatever limit the code sets', async () => {
    const code = 'import sys\nkept = 5\nsys.setrecursionlimit(10 ** 8)\ndef f(): f()\nf()';
    const { text } = await python().run(code);
    expect(text).toMatch(/^PYTHON_ERROR: RecursionError: maximum recursion depth exceeded \(line 4\)\n/);
    expect((await python().run('kept')).text).toBe('5');
    await python().server.callTool('reset_session', {});
  });

  test.for(inMemory)('%s is memory, and holds 64 MB', async (folder) => {
    const code = `i = 0\nwhile True:\n  i += 1\n  with open(f"${folder}/{i}", "wb") as f: f.write(bytes(5_000_000))`;
    expect((await python().run(code)).text).toMatch(/^PYTHON_ERROR: OSError: \[Errno 28\]/);
    expect((await python().run('i')).text).toBe('14');
    await python().server.callTool('reset_session', {});
  });

  test('one file cannot fill the disk', async () => {
    const code = 'with open("big", "wb") as f:\n  for _ in range(300): f.write(bytes(1_000_000))';
    const { text } = await python().run(code);
    expect(text).toMatch(/^PYTHON_ERROR: OSError: \[Errno 27\] File too large/);
    expect((await python().run('import os\nos.remove("big")')).isError).toBe(false);
  });

  test.for([
    'import mmap\nmmap.mmap(-1, 4 * 10 ** 9)',
    'import resource\nresource.setrlimit(resource.RLIMIT_DATA, (-1, -1))',
    'import resource\nresource.setrlimit(resource.RLIMIT_AS, (2 ** 40, 2 ** 40))',
  ])('%j does not get more memory', async (code) => {
    expect((await python().run(code)).isError).toBe(true);
    expect((await python().run('1 + 1')).text).toBe('2');
  });

  test('threads are limited by memory, and end with the session', async () => {
    const code =
      'import threading, time\nn = 0\nwhile True:\n  threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\n  n += 1';
    expect((await python().run(code, { timeout_ms: 5000 })).isError).toBe(true);
    await python().server.callTool('reset_session', {});
    expect((await python().run('1 + 1')).text).toBe('2');
  });
}
