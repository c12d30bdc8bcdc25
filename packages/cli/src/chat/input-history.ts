import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Redactor } from '@patchbay/core';
import { fileNotWritten } from '@patchbay/core';
import type { NotKept } from '../not-kept.ts';
import { LINE_BREAK } from './line-editor.ts';

const MAX_ENTRIES = 1000;

export interface InputHistoryOptions {
  /** The file; without one nothing is read or kept. */
  readonly path: string | undefined;
  readonly redact: Redactor;
  readonly notKept: NotKept;
}

/** What was typed in earlier runs, in a file of one entry a line, oldest first. */
export class InputHistory {
  readonly #path: string | undefined;
  readonly #redact: Redactor;
  readonly #notKept: NotKept;

  constructor({ path, redact, notKept }: InputHistoryOptions) {
    this.#path = path;
    this.#redact = redact;
    this.#notKept = notKept;
  }

  /** The entries, newest first. */
  async load(): Promise<readonly string[]> {
    if (this.#path === undefined) return [];
    const text = await readFile(this.#path, 'utf8').catch(() => '');
    const entries = text.split('\n').filter((entry) => entry !== '');
    const kept = entries.slice(-MAX_ENTRIES);
    // Shortened by half of what is kept, so that it does not happen at every start.
    if (entries.length > MAX_ENTRIES * 1.5) await this.#replace(kept).catch(() => undefined);
    return kept.toReversed();
  }

  /** Keeps a message, unless it holds what looks like a secret. */
  async add(message: string): Promise<void> {
    if (this.#path === undefined || message.trim() === '' || this.#redact(message) !== message) return;
    const entry = message.replaceAll(/\r?\n/g, LINE_BREAK);
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      await appendFile(this.#path, `${entry}\n`, { mode: 0o600 });
    } catch (error) {
      this.#notKept.report('history', fileNotWritten(this.#path, error));
    }
  }

  async #replace(entries: readonly string[]): Promise<void> {
    if (this.#path === undefined) return;
    const next = `${this.#path}.${process.pid}`;
    await writeFile(next, `${entries.join('\n')}\n`, { mode: 0o600 });
    await rename(next, this.#path);
  }
}
