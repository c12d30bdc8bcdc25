import { execFileSync } from 'node:child_process';
import type { ServerProcess } from '@patchbay/testing';

/** What a server and its interpreters take at one moment, in MB. */
export interface Memory {
  /** What is alive on the server's heap, after it was cleared up. */
  readonly heap: number;
  /** Resident memory of the server, and of all processes below it. */
  readonly server: number;
  readonly interpreters: number;
}

const MIB = 1024 * 1024;

/** Asks a server that has `report-heap.mjs` loaded, and the system. */
export async function memoryOf(server: ServerProcess): Promise<Memory> {
  const said = reports(server).length;
  process.kill(server.pid, 'SIGUSR2');
  while (reports(server).length === said) await new Promise((resolve) => setTimeout(resolve, 20));
  const resident = residentOf(server.pid);
  return { heap: (reports(server).at(-1) ?? 0) / MIB, ...resident };
}

function reports(server: ServerProcess): readonly number[] {
  return [...server.stderr().matchAll(/^HEAP (\d+)\n/gm)].map(([, bytes]) => Number(bytes));
}

function residentOf(pid: number): Omit<Memory, 'heap'> {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const parent of found)
    found.push(...rows.flatMap(([id = 0, of]) => (of === parent && !found.includes(id) ? [id] : [])));
  const sum = (ids: readonly number[]): number =>
    rows.reduce((total, [id = 0, , kib = 0]) => total + (ids.includes(id) ? kib / 1024 : 0), 0);
  return { server: sum([pid]), interpreters: sum(found.slice(1)) };
}
