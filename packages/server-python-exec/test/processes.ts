import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Processes below `pid` that are still there, dead ones that nobody has waited for aside. */
export async function descendantsOf(pid: number): Promise<readonly number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,stat=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const found = [pid];
  for (const parent of found) {
    const children = rows.filter(([, of, state]) => Number(of) === parent && !state?.startsWith('Z'));
    found.push(...children.map(([id]) => Number(id)));
  }
  return found.slice(1);
}

export async function alive(pids: readonly number[]): Promise<readonly number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,stat=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return rows
    .map(([id, state]) => (state?.startsWith('Z') ? 0 : Number(id)))
    .filter((id) => pids.includes(id));
}

/** Some end with the one before: bubblewrap's child with bubblewrap. */
export function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
