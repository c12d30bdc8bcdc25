import type { Interface } from 'node:readline';
import { clearScreenDown, createInterface, cursorTo, moveCursor } from 'node:readline';
import { Writable } from 'node:stream';
import { callbackify } from 'node:util';
import type { Terminal } from '../terminal.ts';
import { canMoveCursor } from '../terminal.ts';
import type { Complete } from './completion.ts';
import type { EditedLine } from './editor-keys.ts';
import { EditorKeys } from './editor-keys.ts';
import type { PromptLine, Screen } from './screen.ts';

/** Stands for a line break where an entry has to be one line: in the history, and when it is recalled. */
export const LINE_BREAK = ' ⏎ ';
const MAX_HISTORY = 1000;
const CONTINUED = '  … ';

export interface LineEditorOptions {
  readonly terminal: Terminal;
  readonly screen: Screen;
  /** Earlier entries, newest first. */
  readonly history: readonly string[];
  readonly complete: Complete;
  /** Ctrl-C. What was being typed is gone then; `wasEmpty` says whether there was anything. */
  readonly onInterrupt: (wasEmpty: boolean) => void;
}

/**
 * Reads what a user types on a terminal: edited, completed, searched for in the history, over several lines, pasted.
 * While nobody reads, what is typed is kept and shown later.
 */
export class LineEditor implements Disposable {
  readonly #keys: EditorKeys;
  readonly #input: Interface;
  readonly #screen: Screen;
  readonly #isMovable: boolean;
  /** Lines of a message that is not at its end. */
  #begun: string[] = [];
  /** Whole messages that nobody has read yet. */
  readonly #typedAhead: string[] = [];
  #reader: ((line: string | undefined) => void) | undefined;
  #question: ((answer: string) => void) | undefined;
  /** The entries of the history, newest first. */
  #entries: readonly string[];
  #prompt = '';
  #isOver = false;

  constructor({ terminal, screen, history, complete, onInterrupt }: LineEditorOptions) {
    this.#screen = screen;
    this.#entries = history;
    this.#isMovable = canMoveCursor(terminal);
    const isMovable = this.#isMovable;
    this.#keys = new EditorKeys(this.#edited(), { terminal, screen, isMovable, onInterrupt });
    this.#input = createInterface({
      input: this.#keys.keys.stream,
      output: this.#echo(),
      terminal: true,
      history: [...history],
      historySize: MAX_HISTORY,
      removeHistoryDuplicates: true,
      escapeCodeTimeout: 50,
      completer: callbackify((line: string) => this.#keys.heldDuring(() => complete(line))),
    });
    this.#input.on('line', (line) => this.#take(line));
    this.#input.on('history', (entries) => this.#remember(entries));
    this.#input.once('close', () => this.#end());
  }

  /** The next message, typed at `prompt`; `undefined` at the end of input. */
  async read(prompt: string): Promise<string | undefined> {
    const ahead = this.#typedAhead.shift();
    if (ahead !== undefined) {
      this.#screen.line(prompt + ahead.replaceAll('\n', LINE_BREAK));
      return ahead;
    }
    if (this.#isOver) return undefined;
    const line = new Promise<string | undefined>((resolve) => {
      this.#reader = resolve;
    });
    this.#prompt = prompt;
    this.#show(prompt);
    return line;
  }

  /** One line in answer to a question. What was typed before stays for later. Rejects when `signal` aborts. */
  async ask(question: string, signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    const typed = this.#input.line;
    this.#clear();
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const cancel = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', cancel, { once: true });
    const lines = question.split('\n');
    const last = lines.pop() ?? '';
    if (lines.length > 0) this.#screen.line(lines.join('\n'));
    this.#question = resolve;
    this.#show(last);
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#question = undefined;
      this.#screen.setPrompt(undefined);
      // The question stays as it was asked, and what comes of it begins below.
      if (signal?.aborted) this.#screen.write('\n');
      this.#clear();
      this.#input.write(typed);
      if (this.#reader) this.#show(this.#prompt);
    }
  }

  /** Lets another program have the terminal while `work` runs. */
  async suspended<T>(work: () => Promise<T>): Promise<T> {
    this.#keys.keys.pause();
    try {
      return await work();
    } finally {
      this.#keys.keys.resume();
    }
  }

  /** Ends the reading: {@link read} gives `undefined`. */
  close(): void {
    this.#input.close();
  }

  [Symbol.dispose](): void {
    this.close();
    this.#keys[Symbol.dispose]();
  }

  /** The line as the keys change it. */
  #edited(): EditedLine {
    return {
      state: () => ({
        isRead: this.#reader !== undefined,
        isAnswer: this.#question !== undefined,
        isEmpty: this.#input.line === '',
        isContinuing: this.#begun.length > 0,
        entries: this.#entries,
      }),
      insert: (text) => this.#input.write(text),
      clear: () => this.#clear(),
      restart: () => {
        this.#begun = [];
        this.#clear();
        this.#show(this.#prompt);
      },
      show: () => this.#show(this.#prompt),
      end: () => {
        this.#isOver = true;
      },
    };
  }

  /** Where the line is shown: nowhere while nobody reads. */
  #echo(): Writable {
    const { stream } = this.#screen;
    const isShown = (): boolean => this.#reader !== undefined || this.#question !== undefined;
    const echo = new Writable({
      write(chunk, _encoding, done) {
        if (isShown()) stream.write(chunk);
        done();
      },
    });
    Object.defineProperties(echo, {
      isTTY: { value: true },
      columns: { get: () => stream.columns ?? 80 },
    });
    stream.on('resize', () => echo.emit('resize'));
    return echo;
  }

  #show(prompt: string): void {
    this.#input.setPrompt(prompt);
    const { stream } = this.#screen;
    const rows = (): number => this.#input.getCursorPos().rows;
    if (!this.#isMovable) this.#screen.setPrompt(this.#rewritten(prompt));
    else
      this.#screen.setPrompt({
        hide: () => {
          moveCursor(stream, 0, -rows());
          cursorTo(stream, 0);
          clearScreenDown(stream);
        },
        show: () => {
          // Readline begins where it believes that its line does: above, by as many rows as the line had.
          stream.write('\n'.repeat(rows()));
          this.#input.prompt(true);
        },
      });
    this.#input.prompt(true);
  }

  /** Where nothing can be erased, the line is written once more below what came meanwhile. */
  #rewritten(prompt: string): PromptLine {
    const { stream } = this.#screen;
    return {
      hide: () => void stream.write('\n'),
      show: () => void stream.write(prompt + this.#input.line),
    };
  }

  #clear(): void {
    this.#input.write(null, { ctrl: true, name: 'e' });
    this.#input.write(null, { ctrl: true, name: 'u' });
  }

  #take(line: string): void {
    if (this.#question) {
      this.#screen.setPrompt(undefined);
      return this.#question(line);
    }
    if (this.#isContinued(line)) {
      this.#begun.push(this.#keys.isPasting ? line : line.slice(0, -1));
      if (this.#reader) this.#show(CONTINUED);
      return undefined;
    }
    const message = [...this.#begun, line].join('\n').replaceAll(LINE_BREAK, '\n');
    this.#begun = [];
    const reader = this.#reader;
    if (!reader) return void this.#typedAhead.push(message);
    this.#screen.setPrompt(undefined);
    this.#reader = undefined;
    return reader(message);
  }

  #isContinued(line: string): boolean {
    return this.#keys.isPasting || line.endsWith('\\');
  }

  /** Keeps a message as one entry; answers to questions are none. */
  #remember(entries: string[]): void {
    const [line = ''] = entries;
    if (this.#question || this.#isContinued(line)) entries.shift();
    else if (this.#begun.length > 0) entries[0] = [...this.#begun, line].join(LINE_BREAK);
    this.#entries = [...entries];
  }

  #end(): void {
    this.#isOver = true;
    this.#screen.setPrompt(undefined);
    this.#reader?.(undefined);
    this.#reader = undefined;
  }
}
