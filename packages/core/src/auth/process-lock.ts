import { setTimeout as wait } from 'node:timers/promises';
import { parseJsonObject } from '../json.ts';
import { late } from '../late-builtins.ts';

/** How often a process looks whether another one has finished, in milliseconds. */
const POLL_MS = 25;

/** How long a lock counts, in milliseconds: what is done under it must not take longer. */
const LOCK_MS = 60_000;

/** How long nobody takes to write a lock, in milliseconds. */
const WRITING_MS = 5000;

/**
 * Runs `work` while no other process of this user does so under the same `file`, and waits for its turn. A lock that was
 * left behind by a process that is gone, or that is older than a minute, is taken over.
 *
 * @throws the system's error when the file cannot be written, and `signal.reason`.
 */
export async function underLock<T>(file: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const content = JSON.stringify({
    until: Date.now() + LOCK_MS,
    host: late.os.hostname(),
    pid: process.pid,
    id: late.crypto.randomUUID(),
  });
  while (!(await tryLock(file, content))) {
    if (!(await removeIfLeftBehind(file))) await wait(POLL_MS, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    // Another process has taken it over where this one was asleep for longer than it counts.
    if ((await readLock(file)) === content) await late.files.rm(file, { force: true });
  }
}

async function tryLock(file: string, content: string): Promise<boolean> {
  try {
    await late.files.writeFile(file, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function removeIfLeftBehind(file: string): Promise<boolean> {
  const content = await readLock(file);
  if (!(await isLeftBehind(file, content))) return false;
  const aside = `${file}.${late.crypto.randomUUID()}`;
  // Of all that see the same one left behind, one gets to move it away.
  if (!(await hasMoved(file, aside))) return true;
  // Between the look and the move it may have become somebody's: then it goes back.
  if ((await readLock(aside)) === content) await late.files.rm(aside, { force: true });
  else await late.files.rename(aside, file);
  return true;
}

async function hasMoved(from: string, to: string): Promise<boolean> {
  return late.files.rename(from, to).then(
    () => true,
    () => false,
  );
}

async function isLeftBehind(file: string, content: string): Promise<boolean> {
  const owner = parseJsonObject(content);
  if (!owner) {
    // It is being written at this moment, or whoever wrote it was killed at just that.
    const made = await late.files.stat(file).catch(() => undefined);
    return made !== undefined && Date.now() > made.mtimeMs + WRITING_MS;
  }
  const { until, host, pid } = owner;
  if (typeof until !== 'number' || Date.now() > until) return true;
  return host === late.os.hostname() && typeof pid === 'number' && isGone(pid);
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

function readLock(file: string): Promise<string> {
  return late.files.readFile(file, 'utf8').catch(() => '');
}
