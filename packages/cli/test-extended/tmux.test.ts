// The chat in tmux, as many people have it: a terminal within a terminal, with a screen of its own.
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createProject, math } from '../test/support/cli.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const WAIT_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** One tmux server of its own, with one window in which the chat runs. */
class Tmux implements Disposable {
  readonly #socket = `patchbay-${process.pid}`;

  constructor(cwd: string, env: Readonly<Record<string, string>>) {
    const words = [process.execPath, '--conditions=@patchbay/source', main];
    const command = `${words.map((word) => `'${word}'`).join(' ')}; echo "ended with $?"; exec cat`;
    const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    this.#run(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-x',
      '100',
      '-y',
      '60',
      '-c',
      cwd,
      ...variables,
      command,
    );
  }

  type(...keys: readonly string[]): void {
    this.#run('send-keys', ...keys);
  }

  /** Pastes as a terminal does: marked, where the program has asked for that. */
  paste(text: string): void {
    this.#run('set-buffer', text);
    this.#run('paste-buffer', '-p');
  }

  async shows(wanted: string | RegExp): Promise<void> {
    const until = performance.now() + WAIT_MS;
    for (;;) {
      const screen = this.#run('capture-pane', '-p').trimEnd();
      if (typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen)) return;
      if (performance.now() > until) throw new Error(`The window never showed ${String(wanted)}:\n${screen}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  [Symbol.dispose](): void {
    this.#run('kill-server');
  }

  #run(...args: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, ...args], { encoding: 'utf8' });
  }
}

test('starts, takes what is typed and pasted, asks before a tool runs, is cancelled, and quits', async () => {
  expect(spawnSync('tmux', ['-V']).error, 'tmux is not installed: apt-get install tmux').toBeUndefined();
  await using project = await createProject({ math: { ...math, trusted: false } });
  using tmux = new Tmux(project.folder, project.env);
  await tmux.shows(/1 of 1 servers ready[^\n]*\nyou ›$/);
  tmux.type('-l', 'Multiply 17 by 23.');
  tmux.type('Enter');
  await tmux.shows(/math › multiply wants to run\n {3}a = 17\n {3}b = 23\n/);
  tmux.type('y', 'Enter');
  await tmux.shows(/17 × 23 = 391\.\n[^\n]*\nyou ›$/);
  tmux.paste('Add 1\nand 2.');
  await tmux.shows(/… and 2\.$/);
  tmux.type('Enter');
  await tmux.shows(/math › add wants to run[^]*›$/);
  tmux.type('C-c');
  await tmux.shows(/⏹ cancelled after [^\n]*\nyou ›$/);
  tmux.type('/to', 'Tab', 'Enter');
  await tmux.shows('math.multiply');
  tmux.type('C-c');
  await tmux.shows('press Ctrl-C again to quit');
  tmux.type('C-c');
  await tmux.shows('ended with 130');
}, 120_000);
