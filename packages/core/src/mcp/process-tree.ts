import type { ChildProcess } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import type { ProcessTree } from './escaped-processes.ts';
import { killMarked } from './escaped-processes.ts';
import { unwatchGroup, watchGroup } from './watchdog.ts';

/** Every child that runs. */
const alive = new Map<ChildProcess, ProcessTree>();
let isHooked = false;

/** Ends the child's whole process tree when this process ends, however it comes to that. */
export function reapAtExit(child: ChildProcess, tree: ProcessTree): void {
  const { pid, mark } = tree;
  alive.set(child, tree);
  watchGroup(pid, mark);
  child.once('close', () => {
    alive.delete(child);
    unwatchGroup(pid);
  });
  if (isHooked) return;
  isHooked = true;
  process.once('exit', () => {
    for (const left of alive.keys()) killTree(left, 'SIGKILL');
    killMarked([...alive.values()]);
  });
}

/** Signals a child and all that it started. The child must have been spawned as the leader of its own group. */
export function killTree({ pid }: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true, stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // The group has already gone (macOS says EPERM when only its zombie is left), which is what was wanted.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
