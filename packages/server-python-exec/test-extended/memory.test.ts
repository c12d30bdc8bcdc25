import { execFileSync } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { backends } from '../test/backends.ts';
import { descendantsOf } from '../test/processes.ts';
import type { PythonServer } from '../test/python-server.ts';
import { startPython } from '../test/python-server.ts';

const REPORT = new URL('../test/fixtures/report-heap.mjs', import.meta.url).href;

const MIB = 1024 * 1024;

/** What is alive on the server's heap, and the resident memory of all below it, in MB. */
async function memoryOf({ server }: PythonServer): Promise<readonly [heap: number, interpreters: number]> {
  const reports = () => [...server.stderr().matchAll(/^HEAP (\d+)\n/gm)].map(([, bytes]) => Number(bytes));
  const said = reports().length;
  process.kill(server.pid, 'SIGUSR2');
  await vi.waitFor(() => expect(reports().length).toBeGreaterThan(said), 10_000);
  const below = await descendantsOf(server.pid);
  const kib = execFileSync('ps', ['-o', 'rss=', '-p', below.join(',')], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .reduce((sum, line) => sum + Number(line), 0);
  return [(reports().at(-1) ?? 0) / MIB, kib / 1024];
}

test.for(backends)(
  'thousands of calls leave nothing in the server or the interpreter of %s',
  async (backend) => {
    await using python = await startPython({ backend, env: { NODE_OPTIONS: `--import=${REPORT}` } });
    const call = async (times: number): Promise<void> => {
      for (let count = 0; count < times; count += 1) await python.run('x = [1] * 1000\nprint("x" * 1000)\nx');
    };
    await call(1000);
    const [heap, interpreters] = await memoryOf(python);
    await call(3000);
    const [heapAfter, interpretersAfter] = await memoryOf(python);
    // A kilobyte a call would be three megabytes.
    expect(heapAfter - heap).toBeLessThan(2);
    expect(interpretersAfter - interpreters).toBeLessThan(15);
  },
);
