import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Subject } from './subjects.ts';
import type { Workload } from './workloads.ts';

/** What one process measured, or why it could not. */
export type Measured =
  | { readonly kind: 'measured'; readonly figures: Readonly<Record<string, number>> }
  | { readonly kind: 'failed'; readonly reason: string };

/** Longest time of one measurement, in milliseconds. */
const LIMIT_MS = 120_000;

const serverFolder = join(import.meta.dirname, 'servers');
const sdkServer = join(import.meta.dirname, 'peers', 'sdk-server.mjs');
const runner = join(import.meta.dirname, 'clients', 'run.mjs');

/** Runs one workload with one subject, in a process of its own against servers of their own. */
export async function measure(subject: Subject, workload: Workload, cacheFolder: string): Promise<Measured> {
  const env = {
    BENCH_ERA: workload.era,
    BENCH_TOOLS: String(workload.tools ?? 2),
    BENCH_OUTPUT_SCHEMAS: workload.hasOutputSchemas ? 'yes' : '',
  };
  await using cleanup = new AsyncDisposableStack();
  const servers = await Promise.all(
    Array.from({ length: workload.servers }, async (_, index) => {
      const about = { name: `s${index}`, era: workload.era };
      if (workload.transport !== 'stdio') {
        const port = await startHttpServer(env, cleanup);
        return { ...about, url: `http://127.0.0.1:${port}/${workload.transport}` };
      }
      const fault = workload.faults?.[index];
      const args = [workload.madeWith === 'sdk' ? sdkServer : join(serverFolder, 'stdio.mjs')];
      const own = fault === undefined ? env : { ...env, BENCH_FAULT: fault };
      return { ...about, command: process.execPath, args, env: own };
    }),
  );
  const memory = subject.isWarm ? { cacheFolder } : {};
  const task = { client: subject.client, work: workload.work, servers, ...workload.options, ...memory };
  return await runOnce(JSON.stringify(task));
}

async function startHttpServer(env: Record<string, string>, cleanup: AsyncDisposableStack): Promise<string> {
  const child = spawn(process.execPath, [join(serverFolder, 'http.mjs')], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  cleanup.defer(async () => {
    const gone = once(child, 'exit');
    child.kill();
    await gone;
  });
  const [port] = await once(createInterface(child.stdout), 'line');
  return String(port);
}

async function runOnce(task: string): Promise<Measured> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [runner, task], {
    env: { ...process.env, MCP_USE_ANONYMIZED_TELEMETRY: 'false', OPENAI_AGENTS_DISABLE_TRACING: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
  });
  let out = '';
  let said = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (said = (said + String(chunk)).slice(-4096)));
  await once(child, 'exit');
  const processMs = performance.now() - startedAt;
  const line = out.split('\n').findLast((each) => each.startsWith('{'));
  if (line === undefined) return { kind: 'failed', reason: errorIn(said) };
  const figures: Record<string, unknown> = JSON.parse(line);
  return { kind: 'measured', figures: { ...numbersOf(figures), processMs } };
}

function numbersOf(figures: Record<string, unknown>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])),
  );
}

function errorIn(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.find((line) => /Error\b/.test(line))?.slice(0, 120) ?? 'no answer';
}
