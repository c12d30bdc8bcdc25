import type { Readable, Writable } from 'node:stream';
import { endWithOutput } from './lost-output.ts';

/** A stream that a terminal may be behind. */
type Output = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Whether it shows colours and they are wanted. */
  hasColors?(): boolean;
};

/** What `--debug` writes down. */
export interface DebugLog {
  /** Adds one record, with the time. Never throws. */
  write(record: object): void;
}

/** All that the program touches of the process it runs in. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted at the first SIGINT or SIGTERM. A chat on a terminal sees Ctrl-C as a key and never gets here. */
  readonly interrupted: AbortSignal;
  /** Only with `--debug`. */
  readonly debugLog?: DebugLog;
  /** Runs `work` when the process ends, however it ends by itself. Returns what takes that back. */
  atExit(work: () => void): () => void;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  endWithOutput({ stdout, stderr, exit: (code) => process.exit(code) });
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Whoever asks twice does not want to wait. Exiting runs the hooks that end the servers; dying would not.
      if (interrupted.signal.aborted) process.exit(130);
      interrupted.abort();
    });
  }
  return {
    stdin,
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    interrupted: interrupted.signal,
    atExit(work) {
      process.once('exit', work);
      return () => void process.off('exit', work);
    },
  };
}

/** Whether a person sits at it, who can be asked. */
export function isInteractive({ stdin, stdout }: Pick<Terminal, 'stdin' | 'stdout'>): boolean {
  return stdin.isTTY === true && stdout.isTTY === true;
}

/** Whether its cursor can be moved, which an escape sequence does. */
export function canMoveCursor({ env }: Pick<Terminal, 'env'>): boolean {
  return env['TERM'] !== 'dumb';
}

export function line(stream: Terminal['stdout'], text: string): void {
  stream.write(`${text}\n`);
}

export function lineOfJson(stream: Terminal['stdout'], value: object): void {
  stream.write(`${JSON.stringify(value)}\n`);
}
