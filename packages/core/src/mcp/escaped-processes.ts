import { readdirSync, readFileSync } from 'node:fs';

/**
 * The variable by which a server's processes are known that have left its group, as daemons do (`setsid`). It is inherited
 * like any other; whoever takes it out of its environment is not found. Linux alone shows the environment of a process.
 */
export const TREE_VARIABLE = 'PATCHBAY_TREE';

/** A process that starts another while it is looked for is caught the next time. */
const MAX_ROUNDS = 3;

const waiting = new Set<string>();
let search: Promise<void> | undefined;

/** Kills what is left of the servers of these marks, wherever it has gone. At once, for the end of this process. */
export function killMarked(marks: readonly string[]): void {
  if (process.platform !== 'linux' || marks.length === 0) return;
  const wanted = marks.map((mark) => `${TREE_VARIABLE}=${mark}`);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const found = processIds().filter((pid) => isMarked(pid, wanted));
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
  }
}

/** The same a moment later, in one search for all servers that end together. */
export function killMarkedSoon(mark: string): Promise<void> {
  waiting.add(mark);
  search ??= new Promise((resolve) => {
    setImmediate(() => {
      const marks = [...waiting];
      waiting.clear();
      search = undefined;
      killMarked(marks);
      resolve();
    });
  });
  return search;
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    // Some sandboxes have no /proc: there nothing can be found.
    return [];
  }
}

function isMarked(pid: number, wanted: readonly string[]): boolean {
  let environment: string;
  try {
    environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    // It has ended, or is another user's.
    return false;
  }
  return wanted.some((variable) => environment.includes(variable));
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
