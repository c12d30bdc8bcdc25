import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { LockOwner } from './process-lock.ts';
import { takeLock } from './process-lock.ts';
import { noTurnError, pauseError } from './upstream.ts';

/** Longest pause that is kept to; a clock that was set back must not stop requests for hours. In milliseconds. */
const MAX_PAUSE_MS = 10 * 60_000;

export interface RequestGateOptions {
  /** What processes share; made when missing. */
  readonly folder: string;
  /** From the answer to one request to the start of the next, in milliseconds. */
  readonly intervalMs: number;
  /** This process. */
  readonly owner: LockOwner;
  /** Told once when the folder cannot be used: requests are then spaced within this process alone. */
  readonly onUnusable: (error: unknown) => void;
}

/** Disposing of it ends all waits and lets go of what other processes wait for. */
export interface RequestGate extends AsyncDisposable {
  /**
   * Sends one request when no other is under way, in any process that shares the folder, and the interval has passed.
   *
   * @throws {ToolError} `TIMEOUT` when `endsAt` (milliseconds since the epoch) comes first, `RATE_LIMITED` when a pause
   * lasts longer than that.
   */
  run<Answer>(send: () => Promise<Answer>, endsAt: number): Promise<Answer>;
  /** Lets no request begin for so long. Call it from within `send`. */
  pause(durationMs: number): Promise<void>;
}

/**
 * arXiv asks for one request every three seconds and one connection at a time, over all programs of a user (source:
 * info.arxiv.org/help/api/tou). Two files hold that: `lock`, for as long as a request is under way, with its
 * process and the time from which it counts as left behind; and `next`, the time from which a request may begin.
 */
export function createRequestGate(options: RequestGateOptions): RequestGate {
  const { folder, intervalMs, owner, onUnusable } = options;
  const [lockFile, nextFile] = [join(folder, 'lock'), join(folder, 'next')];
  let isShared = true;
  let ownNext = 0;
  let queue: Promise<unknown> = Promise.resolve();
  const closing = new AbortController();
  const { signal } = closing;

  const giveUpSharing = (error: unknown): void => {
    if (isShared) onUnusable(error);
    isShared = false;
  };

  async function setNext(time: number): Promise<void> {
    ownNext = time;
    if (!isShared) return;
    // Renamed into place, so that no one reads half a number.
    const temporary = `${nextFile}.${randomUUID()}`;
    try {
      await writeFile(temporary, String(time));
      await rename(temporary, nextFile);
    } catch (error) {
      giveUpSharing(error);
    }
  }

  async function waitForTurn(endsAt: number): Promise<void> {
    const shared = isShared ? Number(await readFile(nextFile, 'utf8').catch(() => '0')) : 0;
    const next = Math.max(ownNext, Number.isFinite(shared) ? shared : 0);
    const waitMs = Math.min(next - Date.now(), MAX_PAUSE_MS);
    if (waitMs <= 0) return;
    if (Date.now() + waitMs >= endsAt) throw waitMs > intervalMs ? pauseError(waitMs) : noTurnError();
    await wait(waitMs, undefined, { signal });
  }

  async function alone<Answer>(send: () => Promise<Answer>, endsAt: number): Promise<Answer> {
    signal.throwIfAborted();
    if (Date.now() >= endsAt) throw noTurnError();
    const lock = isShared
      ? await takeLock(lockFile, { owner, until: endsAt, signal }).catch(giveUpUnlessOver)
      : undefined;
    try {
      await waitForTurn(endsAt);
      await setNext(Date.now() + intervalMs);
      const answer = await send();
      // Counted from the answer, because how long the request was on its way cannot be known.
      await setNext(Math.max(ownNext, Date.now() + intervalMs));
      return answer;
    } catch (error) {
      // What never reached arXiv need not be followed by a wait: a missing network shows at once each time.
      if (hasCode(error, 'NETWORK')) await setNext(Date.now());
      throw error;
    } finally {
      await lock?.release();
    }
  }

  function giveUpUnlessOver(error: unknown): undefined {
    if (signal.aborted || hasCode(error, 'TIMEOUT')) throw error;
    giveUpSharing(error);
  }

  return {
    run(send, endsAt) {
      const turn = queue.then(() => alone(send, endsAt));
      queue = Promise.allSettled([turn]);
      return turn;
    },
    pause: (durationMs) => setNext(Date.now() + Math.min(durationMs, MAX_PAUSE_MS)),
    async [Symbol.asyncDispose]() {
      closing.abort();
      await queue;
    },
  };
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
