import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { errorMessage } from '../errors.ts';
import { uptimeMs } from '../uptime.ts';
import type { ProcessTree } from './escaped-processes.ts';
import { killMarkedSoon, TREE_VARIABLE } from './escaped-processes.ts';
import { killTree, reapAtExit } from './process-tree.ts';
import { LineReader } from './wire/line-reader.ts';
import type { Channel, OnFailed } from './wire/message.ts';
import { isMessage, MAX_MESSAGE_BYTES, parsed } from './wire/message.ts';
import { ConnectionLostError, NotSentError } from './wire/wire-errors.ts';

/** How much of a server's latest standard error is kept to explain a failure, in characters. */
const STDERR_CHARS = 8192;
/** With which some programs begin what they write as UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';
/** How long a server may take to end with its input, and then to obey SIGTERM, in milliseconds. */
const END_OF_INPUT_MS = 500;
const SIGTERM_MS = 1000;
/** How long the last output of a process that has ended is waited for, since the latest of it, in milliseconds. */
const LAST_OUTPUT_MS = 300;
/** How long at most, whoever goes on writing: a pipe holds no more than is read in a moment. */
const MAX_LAST_OUTPUT_MS = 3000;

export interface StdioLaunch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** A message on its way to the server, and who hears if it does not get there. */
interface Letter {
  readonly line: string;
  readonly onFailed: OnFailed;
}

/** How many processes this one has started. Its other threads count their own. */
let launches = 0;

/** How a process ended: its exit code, or the signal that killed it. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * MCP over the standard streams of a child process. Unlike the SDK's own transport it ends the child with its whole
 * process tree, always drains standard error (an unread pipe would stop the server), keeps the end of it for
 * messages, and reads long messages in linear time.
 */
export class StdioTransport implements Channel {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport['onmessage'];
  /** The end of what the server wrote to standard error. */
  stderrTail = '';
  /** The first line on standard output that was not a protocol message: noise, which is tolerated. */
  firstNoise: string | undefined;
  /** Why its output cannot be read any more, where that is so. */
  problem?: string | undefined;
  /** Whether it has stopped reading its input, as a process does that is about to end. */
  isDeaf = false;
  /** Set once the process has ended. */
  ended: ProcessEnd | undefined;

  readonly #launch: StdioLaunch;
  /** In the environment of every process of this server, and of no other. */
  readonly #mark = `${process.pid}.${Date.now()}.${(launches += 1)}.${Math.random().toString(36).slice(2)}.`;
  readonly #lines = new LineReader(MAX_MESSAGE_BYTES);
  #child: ChildProcess | undefined;
  #tree: ProcessTree | undefined;
  #stdin: Writable | undefined;
  #outbox: Letter[] = [];
  #isClosed = false;
  readonly #gone = Promise.withResolvers<void>();
  /** Settles when what has left the process group has been looked for. */
  #swept: Promise<void> | undefined;
  #lastOutput: NodeJS.Timeout | undefined;
  #heardUntil = 0;
  #closing: Promise<void> | undefined;

  constructor(launch: StdioLaunch) {
    this.#launch = launch;
  }

  /** Resolves when the process runs; rejects with the system's error when it cannot be started. */
  async start(): Promise<void> {
    const { command, args, env, cwd } = this.#launch;
    const startedAt = uptimeMs();
    const start = process.platform === 'win32' ? (await import('cross-spawn')).default : spawn;
    const child = start(command, [...args], {
      env: { ...env, [TREE_VARIABLE]: this.#mark },
      cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own: Ctrl-C in the terminal must not reach it, and the whole tree can be killed by one signal.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#child = child;
    this.#stdin = child.stdin ?? undefined;
    // What fails on a stream shows in what waits for it: here it must only not end this process.
    const onError = (error: Error): void => this.onerror?.(error);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.on('error', onError);
    // A character may come in two pieces.
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => {
      this.stderrTail = (this.stderrTail + text).slice(-STDERR_CHARS);
    });
    child.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
    child.once('exit', (code, signal) => {
      this.ended = { code, signal };
      this.#heardUntil = uptimeMs() + MAX_LAST_OUTPUT_MS;
      this.#awaitLastOutput();
    });
    child.once('close', () => this.#finish());

    await new Promise<void>((resolve, reject) => {
      child.once('spawn', () => {
        this.#tree = { mark: this.#mark, pid: child.pid ?? 0, startedAt };
        reapAtExit(child, this.#tree);
        resolve();
      });
      child.once('error', (error) => {
        reject(error);
        this.#finish();
      });
    });
  }

  send(message: JSONRPCMessage): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.post(message, 'alone', reject);
    // What is written after it is written when it is.
    if (this.#stdin) this.#stdin.write('', () => resolve());
    return promise;
  }

  post(message: JSONRPCMessage, traffic: 'alone' | 'busy', onFailed: OnFailed): void {
    if (!this.#stdin || this.#isClosed || this.ended) return onFailed(new NotSentError('Not connected'));
    const line = `${JSON.stringify(message)}\n`;
    if (traffic === 'alone' && this.#outbox.length === 0) {
      this.#stdin.write(line, (cause) => {
        if (cause) this.#unwritten([onFailed], cause);
      });
      return;
    }
    this.#outbox.push({ line, onFailed });
    if (this.#outbox.length === 1) process.nextTick(() => this.#flush());
  }

  #flush(): void {
    const letters = this.#outbox;
    this.#outbox = [];
    this.#stdin?.write(letters.map(({ line }) => line).join(''), (cause) => {
      if (cause)
        this.#unwritten(
          letters.map(({ onFailed }) => onFailed),
          cause,
        );
    });
  }

  #unwritten(waiting: readonly OnFailed[], cause: Error): void {
    this.isDeaf = true;
    // Of several the first may have been read before the server stopped.
    const Reason = waiting.length === 1 ? NotSentError : ConnectionLostError;
    for (const onFailed of waiting) onFailed(new Reason('The server does not read any more', { cause }));
  }

  /** Ends the input, which asks the server to end; then kills what is left of its tree, gently and then not. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const child = this.#child;
    if (!child || this.#isClosed) return this.#swept;
    const isGoneIn = (ms: number): Promise<boolean> => isSettledIn(this.#gone.promise, ms);

    this.#stdin?.end();
    if (!(await isGoneIn(END_OF_INPUT_MS))) {
      killTree(child, 'SIGTERM');
      if (!(await isGoneIn(SIGTERM_MS))) {
        killTree(child, 'SIGKILL');
        await isGoneIn(SIGTERM_MS);
      }
    }
    this.#finish();
    await this.#swept;
  }

  #read(chunk: Buffer): void {
    if (this.problem !== undefined) return;
    if (this.ended && uptimeMs() < this.#heardUntil) this.#awaitLastOutput();
    try {
      for (const line of this.#lines.read(chunk)) this.#receive(line);
    } catch (error) {
      this.problem = errorMessage(error);
      void this.close();
    }
  }

  #receive(line: string): void {
    const message = parsed(line);
    if (isMessage(message)) this.onmessage?.(message);
    else if (Array.isArray(message)) this.#receiveBatch(message);
    else if (line.startsWith(BYTE_ORDER_MARK)) this.#receive(line.slice(1));
    else if (line.trim() !== '') this.firstNoise ??= line;
  }

  /** Several messages on one line, as 2025-03-26 allows. */
  #receiveBatch(batch: readonly unknown[]): void {
    for (const message of batch) if (isMessage(message)) this.onmessage?.(message);
  }

  /** What the process has left running may hold its output open for ever, with nothing more to come. */
  #awaitLastOutput(): void {
    clearTimeout(this.#lastOutput);
    this.#lastOutput = setTimeout(() => this.#finish(), LAST_OUTPUT_MS);
  }

  /** The direct child is gone: what it started must not stay. */
  #finish(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#lastOutput);
    this.#gone.resolve();
    if (this.#child && this.#tree) {
      killTree(this.#child, 'SIGKILL');
      this.#swept = killMarkedSoon(this.#tree);
    }
    // What could not be killed and holds them open must not keep this process alive.
    for (const stream of this.#child?.stdio ?? []) stream?.destroy();
    this.onclose?.();
  }
}

/** Whether something is over within a time, of which nothing is left once it is. */
async function isSettledIn(work: Promise<void>, ms: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, ms, false);
  const isInTime = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return isInTime;
}
