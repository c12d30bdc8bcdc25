import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { errorMessage } from '@patchbay/server-kit/program';
import { readLines, writeLine } from './lines.ts';
import type { RunnerRequest } from './protocol.ts';
import type { CheckedReply } from './replies.ts';
import { parseReply } from './replies.ts';

/** Longest time that a boot may take, in milliseconds; usual are 50 to 2500. */
const BOOT_LIMIT_MS = 60_000;

/** Why a runner is gone. */
export interface RunnerEnd {
  readonly exitCode: number | null;
  /** Set when the server ended the runner, or could not understand it. */
  readonly reason: string | undefined;
  /** What the runner itself wrote there, not the code. */
  readonly stderr: string;
}

/** A child process that runs Python, and the channel to it. */
export interface RunnerProcess extends AsyncDisposable {
  /** Settles when the process is gone; never rejects. */
  readonly ended: Promise<RunnerEnd>;
  send(request: RunnerRequest): void;
  /** Called with each reply; replaces the one before. */
  onReply(listener: (reply: CheckedReply) => void): void;
  /** Ends the process at once; `reason` tells why. */
  readonly kill: (reason: string) => void;
}

export interface RunnerChannel {
  readonly child: ChildProcess;
  readonly requests: Writable;
  readonly replies: Readable;
  readonly stderr: () => string;
  /** Ends the process at once; `child.kill` when absent. */
  readonly kill?: () => void;
}

/** Speaks to a process that runs Python: one line of JSON each way, and what is no reply ends it. */
export function connectRunner(channel: RunnerChannel): RunnerProcess {
  const { child, requests, replies, stderr } = channel;
  const end = channel.kill ?? (() => child.kill('SIGKILL'));
  let reason: string | undefined;
  let listener: ((reply: CheckedReply) => void) | undefined;
  const kill = (why: string): void => {
    reason ??= why;
    end();
  };
  const ended = new Promise<RunnerEnd>((resolve) => {
    child.once('error', (error) => resolve({ exitCode: null, reason: errorMessage(error), stderr: '' }));
    child.once('close', (exitCode: number | null) => resolve({ exitCode, reason, stderr: stderr() }));
  });
  readLines(replies, {
    onLine(line) {
      const reply = parseReply(line);
      if (reply === undefined) return kill('it sent something that is not a reply');
      listener?.(reply);
    },
    onTooLong: () => kill('it sent too much'),
  });
  return {
    ended,
    kill,
    send: (request) => writeLine(requests, request),
    onReply: (next) => void (listener = next),
    async [Symbol.asyncDispose]() {
      kill('the session was closed');
      await ended;
    },
  };
}

/** @throws {Error} when the process ends, or says nothing, before it is ready. */
export async function untilReady(runner: RunnerProcess): Promise<void> {
  const limit = setTimeout(() => runner.kill('it did not boot in time'), BOOT_LIMIT_MS);
  try {
    const ready = new Promise<void>((resolve) => runner.onReply(() => resolve()));
    const end = await Promise.race([ready, runner.ended]);
    if (end) throw new Error(describeEnd(end));
  } finally {
    clearTimeout(limit);
  }
}

/** What to tell a person about a runner that is gone. */
export function describeEnd({ reason, exitCode, stderr }: RunnerEnd): string {
  const cause = reason ?? (exitCode === null ? 'the process was killed' : `exit code ${exitCode}`);
  return stderr === '' ? cause : `${cause}: ${stderr}`;
}

/** What `child` writes to a descriptor, which was made a pipe. */
export function readableAt(child: ChildProcess, fd: number): Readable {
  const stream = child.stdio[fd];
  if (!stream || !('read' in stream)) throw new Error(`the runner has no descriptor ${fd} to read from`);
  return stream;
}

/** What `child` reads from a descriptor, which was made a pipe. */
export function writableAt(child: ChildProcess, fd: number): Writable {
  const stream = child.stdio[fd];
  if (!stream || !('write' in stream)) throw new Error(`the runner has no descriptor ${fd} to write to`);
  return stream;
}
