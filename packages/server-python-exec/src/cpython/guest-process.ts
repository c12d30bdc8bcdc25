import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { readDriver } from '../session/driver-source.ts';
import { writeLine } from '../session/lines.ts';
import type { PrintedText } from '../session/protocol.ts';
import type { CheckedReply } from '../session/replies.ts';
import type { RunnerProcess } from '../session/runner-process.ts';
import { connectRunner, readableAt, untilReady, writableAt } from '../session/runner-process.ts';
import type { GuestOrder } from './guest.ts';
import { REPLY_FD, REQUEST_FD } from './guest.ts';
import { createMarkedOutput } from './output.ts';

/** How often text that was printed is passed on while a call runs, in milliseconds. */
const PASS_ON_MS = 100;

/** A process that became a guest, and its four streams. */
export interface Guest {
  readonly child: ChildProcess;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly replies: Readable;
  readonly requests: Writable;
  /** Ends the process and whatever belongs to it, at once. */
  readonly kill: () => void;
}

/** A guest that was started with the channel on descriptors of its own. */
export function guestOf(child: ChildProcess, kill: () => void = () => child.kill('SIGKILL')): Guest {
  return {
    child,
    stdout: readableAt(child, 1),
    stderr: readableAt(child, 2),
    replies: readableAt(child, REPLY_FD),
    requests: writableAt(child, REQUEST_FD),
    kill,
  };
}

/** @throws {Error} when Python does not start, or cannot give up what `order` tells it to. */
export async function startGuest(guest: Guest, order: GuestOrder): Promise<RunnerProcess> {
  const { child, requests, replies, kill } = guest;
  let call = 0;
  let listener: ((reply: CheckedReply) => void) | undefined;
  let passingOn: NodeJS.Timeout | undefined;
  const tell = (): void => listener?.({ kind: 'printed', id: call, ...printed() });
  const onText = (): void => {
    passingOn ??= setTimeout(() => {
      passingOn = undefined;
      tell();
    }, PASS_ON_MS).unref();
  };
  const stdout = createMarkedOutput(guest.stdout, { maxChars: order.maxOutputChars, onText });
  const stderr = createMarkedOutput(guest.stderr, { maxChars: order.maxOutputChars, onText });
  const printed = (): PrintedText => ({ stdout: stdout.read(), stderr: stderr.read() });
  let isReady = false;
  const runner = connectRunner({
    child,
    requests,
    replies,
    kill,
    // Later on it is the code that writes there.
    stderr: () => (isReady ? '' : (stderr.read().trim().split('\n').at(-1) ?? '')),
  });
  const mark = randomBytes(16).toString('hex');
  writeLine(requests, { ...order, mark, driver: await readDriver() });
  await untilReady(runner);
  isReady = true;

  const complete = async (reply: Extract<CheckedReply, { kind: 'ran' }>): Promise<void> => {
    await Promise.all([stdout.ended(), stderr.ended()]);
    clearTimeout(passingOn);
    passingOn = undefined;
    listener?.({ ...reply, ...printed() });
  };
  runner.onReply((reply) => {
    if (reply.kind === 'ran') void complete(reply);
    else listener?.(reply);
  });
  return {
    ended: runner.ended.then((end) => {
      clearTimeout(passingOn);
      stdout.finish();
      stderr.finish();
      tell();
      return end;
    }),
    kill: runner.kill,
    send(request) {
      if (request.kind === 'run') {
        call = request.id;
        stdout.begin(`${mark}${call}\n`);
        stderr.begin(`${mark}${call}\n`);
      }
      runner.send(request);
    },
    onReply: (next) => void (listener = next),
    [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
  };
}
