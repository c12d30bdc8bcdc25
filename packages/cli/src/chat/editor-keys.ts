import type { Terminal } from '../terminal.ts';
import { HistorySearch } from './history-search.ts';
import type { Key } from './keys.ts';
import { Keys } from './keys.ts';
import type { Screen } from './screen.ts';

/** How it is with the line that is being typed. */
interface LineState {
  /** Whether somebody waits for a message. */
  readonly isRead: boolean;
  /** Whether it is the answer to a question. */
  readonly isAnswer: boolean;
  readonly isEmpty: boolean;
  /** Whether lines of the same message stand before it. */
  readonly isContinuing: boolean;
  /** Earlier entries, newest first. */
  readonly entries: readonly string[];
}

/** The line that is being typed, as keys see and change it. */
export interface EditedLine {
  state(): LineState;
  /** As if it had been typed. */
  insert(text: string): void;
  clear(): void;
  /** Begins anew, with all that belongs to the same message. */
  restart(): void;
  show(): void;
  /** Nothing more will be typed. */
  end(): void;
}

export interface EditorKeysOptions {
  readonly terminal: Terminal;
  readonly screen: Screen;
  /** Whether a line can be searched for in place. */
  readonly isMovable: boolean;
  /** Ctrl-C. What was being typed is gone then; `wasEmpty` says whether there was anything. */
  readonly onInterrupt: (wasEmpty: boolean) => void;
}

/** What the keys mean that a line editor does not know, or that mean something else here. */
export class EditorKeys implements Disposable {
  readonly keys: Keys;
  readonly #line: EditedLine;
  readonly #options: EditorKeysOptions;
  readonly #search: HistorySearch;
  #isPasting = false;
  /** Keys that came while a completion was looked up: they belong behind it. */
  #held: (() => void)[] | undefined;

  constructor(line: EditedLine, options: EditorKeysOptions) {
    this.#line = line;
    this.#options = options;
    this.#search = new HistorySearch(options.screen);
    this.keys = new Keys(options.terminal, (text, key) => this.#handle(text, key));
  }

  /** Whether what comes is pasted, and not typed. */
  get isPasting(): boolean {
    return this.#isPasting;
  }

  /** Looks up a completion; keys that come meanwhile wait for it. */
  async heldDuring<T>(find: () => Promise<T>): Promise<T> {
    this.#held = [];
    try {
      return await find();
    } finally {
      setImmediate(() => {
        const held = this.#held ?? [];
        this.#held = undefined;
        for (const press of held) press();
      });
    }
  }

  [Symbol.dispose](): void {
    this.keys[Symbol.dispose]();
  }

  #handle(text: string | undefined, key: Key): boolean {
    if (this.#held) {
      this.#held.push(() => this.keys.press(text, key));
      return true;
    }
    const chord = `${key.ctrl ? 'ctrl-' : ''}${key.name ?? ''}`;
    if (chord === 'paste-start' || chord === 'paste-end') {
      this.#isPasting = chord === 'paste-start';
      return true;
    }
    // A pasted tab is a character, not a wish for completion.
    if (this.#isPasting) return chord === 'tab' && this.#insert('  ');
    if (chord === 'ctrl-c') return this.#interrupt();
    if (this.#search.isOpen) return this.#searchBy(text, key);
    return this.#line.state().isAnswer ? this.#handleInAnswer(chord) : this.#handleInMessage(chord);
  }

  #handleInAnswer(chord: string): boolean {
    if (chord !== 'escape') return chord === 'ctrl-d';
    this.#line.clear();
    return this.#insert('\r');
  }

  #handleInMessage(chord: string): boolean {
    if (chord === 'ctrl-j' || chord === 'enter') return this.#insert('\\\r');
    if (!this.#line.state().isRead) return chord === 'ctrl-d' && this.#endAhead();
    if (chord !== 'ctrl-r' || !this.#options.isMovable) return false;
    this.#search.open(this.#line.state().entries);
    this.#options.screen.setPrompt(this.#search);
    this.#search.show();
    return true;
  }

  /** The end of input, typed while nobody reads, is the next thing that is read. */
  #endAhead(): boolean {
    if (this.#line.state().isEmpty) this.#line.end();
    return true;
  }

  #insert(text: string): boolean {
    this.#line.insert(text);
    return true;
  }

  #interrupt(): boolean {
    const { isRead, isEmpty, isContinuing } = this.#line.state();
    const wasEmpty = isEmpty && !isContinuing && !this.#search.isOpen;
    if (isRead && !wasEmpty) {
      this.#options.screen.stream.write('^C\n');
      this.#search.close();
      this.#line.restart();
    }
    this.#options.onInterrupt(wasEmpty);
    return true;
  }

  #searchBy(text: string | undefined, key: Key): boolean {
    const end = this.#search.key(text, key);
    if (!end) return true;
    this.#search.hide();
    this.#search.close();
    if (end.taken !== undefined) {
      this.#line.clear();
      this.#line.insert(end.taken);
    }
    this.#line.show();
    // Enter takes and sends; another key takes, and then does what it does.
    return key.name === 'escape' || key.ctrl === true;
  }
}
