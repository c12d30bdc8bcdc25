import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { noTurnError } from './upstream.ts';

/** How often a process looks whether another one has finished, in milliseconds. */
const POLL_MS = 50;

/** How long a lock outlives the time limit of the call that took it, in milliseconds. */
const GRACE_MS = 5000;

/** How long a lock counts that does not say it, in milliseconds. */
const UNKNOWN_MS = 60_000;

/** A process, as others can tell whether it still runs. */
export interface LockOwner {
  /** Without spaces. */
  readonly id: string;
  /** True when the process of that id has certainly ended. */
  isGone(id: string): boolean;
}

export interface LockOptions {
  readonly owner: LockOwner;
  /** When to give up, in milliseconds since the epoch. */
  readonly until: number;
  readonly signal: AbortSignal;
}

export interface ProcessLock {
  release(): Promise<void>;
}

/**
 * Makes the file `file`, of which there can be one, and waits while another process has it. One that was left behind by
 * a process that is gone, or that lasts longer than it may, is removed. Two that remove it at the same moment may both
 * go on.
 *
 * @throws {ToolError} `TIMEOUT`; the system's error when the folder cannot be used.
 */
export async function takeLock(file: string, { owner, until, signal }: LockOptions): Promise<ProcessLock> {
  const content = `${until + GRACE_MS} ${owner.id} ${randomUUID()}`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  while (!(await tryLock(file, content))) {
    if (await isLeftBehind(file, owner)) await rm(file, { force: true });
    else if (Date.now() >= until) throw noTurnError();
    else await wait(POLL_MS, undefined, { signal });
  }
  return {
    async release() {
      // Another process may have taken it over, if this one was asleep.
      if ((await readLock(file)) === content) await rm(file, { force: true });
    },
  };
}

async function tryLock(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isLeftBehind(file: string, owner: LockOwner): Promise<boolean> {
  const [expiry = '', id = ''] = (await readLock(file)).split(' ');
  if (id !== '' && owner.isGone(id)) return true;
  if (/^\d+$/u.test(expiry)) return Date.now() > Number(expiry);
  // Empty: it is being written, or the disk is full.
  const made = await stat(file).catch(() => undefined);
  return made !== undefined && Date.now() > made.mtimeMs + UNKNOWN_MS;
}

function readLock(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
