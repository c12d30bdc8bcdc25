import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { spawn as spawnInTerminal } from '@lydell/node-pty';
import { PATCHBAY, SERVER } from './programs.ts';

/** Times from the start of the process in milliseconds; the most memory that it and what it started, but for servers, held in MB. */
export interface Figures {
  readonly firstOutputMs: number;
  readonly totalMs: number;
  readonly peakMb: number;
}

const LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 10;

/** Where a program keeps what it wants: nothing of one run is there in another. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs `node` with these arguments to its end. Throws when it fails, or says nothing. */
export async function measureRun(args: readonly string[], { cwd, env }: Surroundings): Promise<Figures> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
  });
  const memory = watchMemory(child.pid ?? 0);
  let firstOutputMs: number | undefined;
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      firstOutputMs ??= performance.now() - startedAt;
      said = (said + String(chunk)).slice(-2048);
    });
  }
  const [code] = await once(child, 'close');
  const totalMs = performance.now() - startedAt;
  const peakMb = memory.stop();
  if (code !== 0 || firstOutputMs === undefined)
    throw new Error(`node ${args.join(' ')} ended with ${String(code)}: ${said}`);
  return { firstOutputMs, totalMs, peakMb };
}

/** Opens the chat in a pseudo-terminal: `totalMs` is when the user can type, which it says with the prompt. */
export async function measureChat(config: string, { cwd, env }: Surroundings): Promise<Figures> {
  const startedAt = performance.now();
  const terminal = spawnInTerminal(process.execPath, [PATCHBAY, '--config', config], {
    cwd,
    env,
    cols: 100,
    rows: 40,
  });
  const memory = watchMemory(terminal.pid);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const timer = setTimeout(() => reject(new Error('The chat never asked for a request')), LIMIT_MS);
  let firstOutputMs: number | undefined;
  let screen = '';
  terminal.onData((data) => {
    firstOutputMs ??= performance.now() - startedAt;
    screen += data;
    if (screen.includes('you ›')) resolve(performance.now() - startedAt);
  });
  const gone = new Promise<void>((done) => void terminal.onExit(() => done()));
  try {
    const totalMs = await promise;
    if (!screen.includes('5 of 5 servers ready')) throw new Error(`Not all servers came up: ${screen}`);
    return { firstOutputMs: firstOutputMs ?? totalMs, totalMs, peakMb: memory.stop() };
  } finally {
    clearTimeout(timer);
    memory.stop();
    terminal.write('\u0004');
    await gone;
  }
}

/** Looks at the high-water marks that Linux keeps; elsewhere there is nothing to look at, and it gives `NaN`. */
function watchMemory(pid: number): { stop(): number } {
  const peaks = new Map<number, number>();
  const look = (): void => {
    for (const each of familyOf(pid)) {
      const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readIfThere(`/proc/${each}/status`)) ?? [];
      if (kilobytes !== undefined) peaks.set(each, Number(kilobytes));
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    stop() {
      if (peaks.size === 0) look();
      clearInterval(timer);
      if (peaks.size === 0) return NaN;
      return [...peaks.values()].reduce((sum, each) => sum + each, 0) / 1024;
    },
  };
}

/** A process and what it started, but for the servers, which are not the program's. */
function familyOf(pid: number): number[] {
  if (readIfThere(`/proc/${pid}/cmdline`).split('\0')[1] === SERVER) return [];
  const children = readIfThere(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))];
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
