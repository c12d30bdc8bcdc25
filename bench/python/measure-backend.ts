import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerProcess } from '@patchbay/testing';
import { startServerProcess } from '@patchbay/testing';
import { COMPUTATION } from './bare.ts';

/** What one backend takes, in milliseconds and MB. */
export interface Measured {
  /** From starting the server to its answer to the first call. */
  readonly serverMs: readonly number[];
  /** From asking for a new session, without one that waits, to the answer of its first call. */
  readonly sessionMs: readonly number[];
  /** The same with one that waits. */
  readonly spareMs: readonly number[];
  /** A call that does next to nothing, from the client and back. */
  readonly callMs: readonly number[];
  readonly computeMs: readonly number[];
  /** Resident memory of the server and its interpreters, after the first calls and after all. */
  readonly memoryMb: readonly [first: number, last: number];
}

const main = new URL('../../packages/server-python-exec/src/main.ts', import.meta.url);

export interface MeasureOptions {
  readonly backend: string;
  readonly args: readonly string[];
  readonly cache: string;
  readonly repetitions: number;
  readonly calls: number;
}

/** @throws {Error} that says why the backend cannot run here. */
export async function measureBackend(options: MeasureOptions): Promise<Measured> {
  const { repetitions, calls } = options;
  // Fills the cache.
  await withServer(options, (server) => run(server, '1'));
  const serverMs: number[] = [];
  for (let round = 0; round < repetitions; round += 1) {
    const start = performance.now();
    await withServer(options, async (server) => {
      await run(server, '1');
      serverMs.push(performance.now() - start);
    });
  }
  return withServer(options, async (server) => {
    const spareMs: number[] = [];
    const sessionMs: number[] = [];
    for (let round = 0; round < repetitions; round += 1) {
      await server.callTool('reset_session', { session: 'new' });
      await server.callTool('reset_session', { session: 'other' });
      // The one that waits goes to the first; the second comes too soon for another to be there.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      spareMs.push(await timed(() => run(server, '1', 'new')));
      sessionMs.push(await timed(() => run(server, '1', 'other')));
    }
    const computeMs: number[] = [];
    for (let round = 0; round < repetitions; round += 1)
      computeMs.push(await timed(() => run(server, COMPUTATION)));
    const callMs: number[] = [];
    let first = 0;
    for (let call = 0; call < calls; call += 1) {
      callMs.push(await timed(() => run(server, 'x = 1 + 1\nx')));
      if (call === Math.floor(calls / 10)) first = memoryOf(server.pid);
    }
    return { serverMs, sessionMs, spareMs, callMs, computeMs, memoryMb: [first, memoryOf(server.pid)] };
  });
}

async function withServer<Result>(
  { backend, args, cache }: MeasureOptions,
  work: (server: ServerProcess) => Promise<Result>,
): Promise<Result> {
  const workspace = await mkdtemp(join(tmpdir(), 'patchbay-bench-'));
  try {
    await using server = await startServerProcess({
      main,
      args: ['--workspace', workspace, '--backend', backend, ...args],
      // With a small heap, what grows is kept, and not merely left for later.
      env: { XDG_CACHE_HOME: cache, NODE_OPTIONS: '--max-old-space-size=64' },
    });
    return await work(server);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

async function run(server: ServerProcess, code: string, session = 'default'): Promise<void> {
  const { isError, text } = await server.callTool('run_python', { code, session });
  if (isError) throw new Error(text);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Resident memory of a process and all below it, in MB. */
function memoryOf(pid: number): number {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const parent of found)
    found.push(...rows.flatMap(([id = 0, of]) => (of === parent && !found.includes(id) ? [id] : [])));
  return rows.reduce((sum, [id = 0, , kib = 0]) => sum + (found.includes(id) ? kib / 1024 : 0), 0);
}
