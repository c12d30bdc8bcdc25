import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { RunnerProcess } from '../session/runner-process.ts';
import { connectRunner, describeEnd, readableAt, untilReady, writableAt } from '../session/runner-process.ts';
import { writeLine } from '../session/lines.ts';
import type { LaunchOptions } from './launch.ts';
import { killWithUs, launchRunner } from './launch.ts';
import type { ServeOrder, SnapshotOrder } from './protocol.ts';
import { REPLY_FD } from './protocol.ts';

/** Longest time that making a snapshot may take, in milliseconds; usual are 2000 to 4000. */
const SNAPSHOT_LIMIT_MS = 60_000;

/** How much of a runner's standard error is kept for a message, in characters. */
const MAX_STDERR_CHARS = 2000;

/** @throws {Error} when the process ends, or says nothing, before it is ready. */
export async function startRunner(order: ServeOrder, options: LaunchOptions): Promise<RunnerProcess> {
  const child = launchRunner(options);
  killWithUs(child);
  writeLine(writableAt(child, 0), order);
  const runner = connectRunner({
    child,
    requests: writableAt(child, 0),
    replies: readableAt(child, REPLY_FD),
    stderr: collectStderr(child),
  });
  await untilReady(runner);
  return runner;
}

/** Boots an interpreter and returns its memory. @throws {Error} when that fails. */
export async function makeSnapshot(order: SnapshotOrder, options: LaunchOptions): Promise<Buffer> {
  const child = launchRunner(options);
  const limit = setTimeout(() => child.kill('SIGKILL'), SNAPSHOT_LIMIT_MS);
  try {
    const stderr = collectStderr(child);
    const chunks: Buffer[] = [];
    readableAt(child, REPLY_FD).on('data', (chunk: Buffer) => chunks.push(chunk));
    writeLine(writableAt(child, 0), order);
    const [exitCode] = await once(child, 'close');
    if (exitCode !== 0) throw new Error(describeEnd({ exitCode: null, reason: undefined, stderr: stderr() }));
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(limit);
  }
}

function collectStderr(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(0, MAX_STDERR_CHARS);
  });
  return () => text.trim();
}
