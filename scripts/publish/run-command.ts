import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds until it is killed. */
  readonly limitMs?: number;
}

/** What a command came to; `output` is all that it wrote, for whoever has to find out why. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly output: string;
}

/** Runs a command to its end. */
export async function tryCommand(
  [program = '', ...args]: readonly string[],
  { cwd, env = process.env, limitMs = 300_000 }: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(program, args, {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
    shell: process.platform === 'win32',
  });
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code: child.exitCode, stdout, output: `${stdout}${stderr}` };
}

/**
 * Runs a command that has to succeed, and returns its standard output.
 *
 * @throws {Error} with all that it wrote when it ends with another code than 0.
 */
export async function runCommand(command: readonly string[], options: CommandOptions): Promise<string> {
  const { code, stdout, output } = await tryCommand(command, options);
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${output}`);
  return stdout;
}
