import { late } from '../late-builtins.ts';
import { uptimeMs } from '../uptime.ts';

/**
 * The variable by which a server's processes are known that have left its group, as daemons do (`setsid`). It is inherited
 * like any other; whoever takes it out of its environment is not found. Linux alone shows the environment of a process.
 */
export const TREE_VARIABLE = 'PATCHBAY_TREE';

/** The processes of one server. */
export interface ProcessTree {
  /** What they carry in their environment. */
  readonly mark: string;
  /** The first of them, and when it was started, in {@link uptimeMs}. */
  readonly pid: number;
  readonly startedAt: number;
}

/**
 * How long all that a process starts has greater numbers than its own, in milliseconds: numbers begin anew after 32,768
 * at the earliest, which nobody starts in that time.
 */
const ASCENDING_MS = 60_000;

/** A process that starts another while it is looked for is caught the next time. */
const MAX_ROUNDS = 3;

const waiting = new Set<ProcessTree>();
let search: Promise<void> | undefined;

/** Kills what is left of these servers, wherever it has gone. At once, for the end of this process. */
export function killMarked(trees: readonly ProcessTree[]): void {
  if (process.platform !== 'linux' || trees.length === 0) return;
  const wanted = trees.map(({ mark }) => `${TREE_VARIABLE}=${mark}`);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const found = processesSince(trees).filter((pid) => isMarked(pid, wanted));
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
  }
}

/** The same a moment later, in one search for all servers that end together. */
export function killMarkedSoon(tree: ProcessTree): Promise<void> {
  waiting.add(tree);
  search ??= new Promise((resolve) => {
    setImmediate(() => {
      const trees = [...waiting];
      waiting.clear();
      search = undefined;
      killMarked(trees);
      resolve();
    });
  });
  return search;
}

/** The processes that may be of these servers: to look into each that there is takes long. */
function processesSince(trees: readonly ProcessTree[]): number[] {
  try {
    const first = lowestNumber(trees);
    return late.fileSystem
      .readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => pid > first);
  } catch {
    // Some sandboxes have no /proc: there nothing can be found.
    return [];
  }
}

function lowestNumber(trees: readonly ProcessTree[]): number {
  const oldest = Math.min(...trees.map(({ startedAt }) => startedAt));
  if (uptimeMs() - oldest > ASCENDING_MS) return 0;
  const first = Math.min(...trees.map(({ pid }) => pid));
  const latest = Number(late.fileSystem.readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1));
  return latest >= first ? first : 0;
}

function isMarked(pid: number, wanted: readonly string[]): boolean {
  let environment: string;
  try {
    environment = late.fileSystem.readFileSync(`/proc/${pid}/environ`, 'latin1');
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
