import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServerProcess } from '@patchbay/testing';
import { startServerProcess } from '@patchbay/testing';
import { COMPUTATION } from './bare.ts';
import { programOf } from '../build-server.ts';
import type { Memory } from './memory.ts';
import { memoryOf } from './memory.ts';

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
  /** With one session and the interpreter that waits, after a tenth of the calls, half of them and all. */
  readonly memory: readonly Memory[];
}

const HEAP_REPORT = new URL(
  '../../packages/server-python-exec/test/fixtures/report-heap.mjs',
  import.meta.url,
).href;

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
  const times = await withServer(options, async (server) => {
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
    return { sessionMs, spareMs, computeMs };
  });
  // With a small heap, what grows is kept, and not merely left for later.
  const env = { NODE_OPTIONS: `--max-old-space-size=64 --import=${HEAP_REPORT}` };
  return withServer({ ...options, env }, async (server) => {
    const callMs: number[] = [];
    const memory: Memory[] = [];
    for (const until of [calls / 10, calls / 2, calls]) {
      while (callMs.length < until) callMs.push(await timed(() => run(server, 'x = 1 + 1\nx')));
      memory.push(await memoryOf(server));
    }
    return { serverMs, ...times, callMs, memory };
  });
}

async function withServer<Result>(
  { backend, args, cache, env }: MeasureOptions & { readonly env?: Readonly<Record<string, string>> },
  work: (server: ServerProcess) => Promise<Result>,
): Promise<Result> {
  const workspace = await mkdtemp(join(tmpdir(), 'patchbay-bench-'));
  try {
    await using server = await startServerProcess({
      main: pathToFileURL(programOf('server-python-exec')),
      args: ['--workspace', workspace, '--backend', backend, ...args],
      env: { XDG_CACHE_HOME: cache, ...env },
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
