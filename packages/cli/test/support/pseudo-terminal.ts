import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { IPty } from '@lydell/node-pty';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import type { Project } from './cli.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const WAIT_MS = 15_000;

/** `patchbay` in a real pseudo-terminal, whose screen is read as a person would read it. */
export class PseudoTerminal implements Disposable {
  readonly #pty: IPty;
  readonly #screen: InstanceType<typeof xterm.Terminal>;
  readonly #exit = Promise.withResolvers<number>();
  #changed = Promise.withResolvers<void>();
  /** All that was written, with its escape sequences. */
  written = '';

  private constructor(pty: IPty, columns: number) {
    this.#pty = pty;
    this.#screen = new xterm.Terminal({ cols: columns, rows: 200, allowProposedApi: true });
    pty.onData((data) => {
      this.written += data;
      this.#screen.write(data, () => this.#wake());
    });
    pty.onExit(({ exitCode }) => {
      this.#exit.resolve(exitCode);
      this.#wake();
    });
  }

  static async start(
    project: Project,
    {
      args = [],
      env = {},
      columns = 100,
    }: { args?: readonly string[]; env?: Record<string, string>; columns?: number } = {},
  ): Promise<PseudoTerminal> {
    await mkdir(project.folder, { recursive: true });
    const { PATH = '', HOME = '' } = process.env;
    const pty = spawn(process.execPath, ['--conditions=@patchbay/source', main, ...args], {
      cwd: project.folder,
      cols: columns,
      rows: 200,
      env: { PATH, HOME, TERM: 'xterm-256color', ...project.env, ...env },
    });
    return new PseudoTerminal(pty, columns);
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  resize(columns: number): void {
    this.#screen.resize(columns, 200);
    this.#pty.resize(columns, 200);
  }

  /** What is on the screen, without the empty lines below. */
  get text(): string {
    const { active } = this.#screen.buffer;
    const lines = Array.from({ length: active.length }, (_, index) => active.getLine(index));
    return lines
      .map((line) => line?.translateToString(true) ?? '')
      .join('\n')
      .trimEnd();
  }

  /** Resolves when the screen shows `wanted`; fails with what it shows instead. */
  async shows(wanted: string | RegExp): Promise<void> {
    const isShown = (): boolean =>
      typeof wanted === 'string' ? this.text.includes(wanted) : wanted.test(this.text);
    const late = AbortSignal.timeout(WAIT_MS);
    const isLate = new Promise<void>((resolve) => late.addEventListener('abort', () => resolve()));
    while (!isShown()) {
      if (late.aborted) throw new Error(`The screen never showed ${String(wanted)}:\n${this.text}`);
      await Promise.race([this.#changed.promise, isLate]);
    }
  }

  /** The exit code. */
  get ended(): Promise<number> {
    return this.#exit.promise;
  }

  [Symbol.dispose](): void {
    this.#pty.kill('SIGKILL');
    this.#screen.dispose();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
