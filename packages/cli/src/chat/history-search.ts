import type { Key } from './keys.ts';
import { fit } from '../render/width.ts';
import type { PromptLine, Screen } from './screen.ts';

/** Ctrl-R: finds the newest earlier entry that contains what is typed; Ctrl-R again finds the one before. */
export class HistorySearch implements PromptLine {
  readonly #screen: Screen;
  #entries: readonly string[] | undefined;
  #query = '';
  #skipped = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  get isOpen(): boolean {
    return this.#entries !== undefined;
  }

  /** Searches in these, newest first. */
  open(entries: readonly string[]): void {
    this.#entries = entries;
    this.#query = '';
    this.#skipped = 0;
  }

  close(): void {
    this.#entries = undefined;
  }

  /** One key. `undefined`: the search goes on; else it is over, with the entry that was taken, if any. */
  key(text: string | undefined, { name, ctrl }: Key): { readonly taken: string | undefined } | undefined {
    if (name === 'escape' || (ctrl && name === 'g')) return { taken: undefined };
    if (ctrl && name === 'r') this.#skipped = Math.min(this.#skipped + 1, this.#found().length - 1);
    else if (name === 'backspace') this.#search(this.#query.slice(0, -1));
    else if (ctrl || name === 'return' || text === undefined || text < ' ') return { taken: this.#match };
    else this.#search(this.#query + text);
    this.show();
    return undefined;
  }

  hide(): void {
    this.#screen.stream.write('\r\u001B[K');
  }

  show(): void {
    const miss = this.#query !== '' && this.#match === undefined ? 'no ' : '';
    const text = `(${miss}search) ${this.#query}: ${this.#match ?? ''}`;
    this.#screen.stream.write(`\r\u001B[K${fit(text, this.#screen.columns - 1)}`);
  }

  get #match(): string | undefined {
    return this.#found()[Math.max(0, this.#skipped)];
  }

  #search(query: string): void {
    this.#query = query;
    this.#skipped = 0;
  }

  #found(): readonly string[] {
    if (this.#query === '') return [];
    const query = this.#query.toLowerCase();
    return (this.#entries ?? []).filter((entry) => entry.toLowerCase().includes(query));
  }
}
