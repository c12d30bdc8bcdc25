import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { SOURCE_CONDITION, SOURCE_ENVIRONMENT } from './source-condition.ts';

export interface ProgramOptions {
  readonly args?: readonly string[];
  /** The whole environment, but for PATH and HOME, so that a test does not depend on who runs it. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What standard input holds; it ends right behind. */
  readonly input?: string;
  /** Called with all of standard output and error so far whenever there is more, and with the process. */
  readonly onOutput?: (output: string, control: ProgramControl) => void;
}

/** What a test may do to a running program. */
export interface ProgramControl {
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Writes a line to standard input, which stays open when there is `onOutput` and no `input`. */
  readonly type: (line: string) => void;
  readonly endInput: () => void;
}

export interface ProgramResult {
  /** Exit code, or `null` when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of the workspace from source, as a process of its own, to its end. */
export async function runProgram(main: URL, options: ProgramOptions = {}): Promise<ProgramResult> {
  const { args = [], env = {}, cwd, input, onOutput } = options;
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [...SOURCE_CONDITION, fileURLToPath(main), ...args], {
    cwd,
    env: { ...SOURCE_ENVIRONMENT, PATH, HOME, ...env },
  });
  const control: ProgramControl = {
    kill: (signal) => void child.kill(signal),
    type: (line) => void child.stdin.write(`${line}\n`),
    endInput: () => void child.stdin.end(),
  };
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      onOutput?.(output, control);
    });
  }
  // A program that ends before it has read its input is none of a test's business.
  child.stdin.on('error', () => undefined);
  if (input !== undefined || onOutput === undefined) child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
