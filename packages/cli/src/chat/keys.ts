import { emitKeypressEvents } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { Terminal } from '../terminal.ts';
import { canMoveCursor } from '../terminal.ts';

const PASTE_ON = '\u001B[?2004h';
const PASTE_OFF = '\u001B[?2004l';

/** A key as `node:readline` reads it from the terminal. */
export interface Key {
  readonly sequence?: string;
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly shift?: boolean;
}

/** Sees each key before the line editor does. Returns whether the key was for it. */
export type KeyHandler = (text: string | undefined, key: Key) => boolean;

/**
 * The keys of a terminal in raw mode, where Ctrl-C is a key for this program alone and no signal to its servers. What
 * `handle` does not take goes on to {@link stream}, from which a line editor reads.
 */
export class Keys implements Disposable {
  /** Input for `node:readline`: it gets keys, never bytes. */
  readonly stream: PassThrough;
  readonly #terminal: Terminal;
  /** What happens when a key is pressed. */
  readonly press: (text: string | undefined, key: Key) => void;
  readonly #stay: () => void;
  /** Whether the terminal marks what is pasted when it is told to. */
  readonly #knowsPaste: boolean;

  constructor(terminal: Terminal, handle: KeyHandler) {
    this.#terminal = terminal;
    this.#knowsPaste = canMoveCursor(terminal);
    this.stream = new PassThrough();
    this.press = (text, key) => {
      if (!handle(text, key)) this.stream.emit('keypress', text, key);
    };
    const { stdin, stdout } = terminal;
    emitKeypressEvents(stdin);
    stdin.on('keypress', this.press);
    this.resume();
    stdin.once('end', () => this.stream.end());
    // A terminal that is left in this mode wraps whatever is pasted into the shell.
    this.#stay = terminal.atExit(() => void (this.#knowsPaste && stdout.write(PASTE_OFF)));
    if (this.#knowsPaste) stdout.write(PASTE_ON);
  }

  /** Takes the terminal back after {@link pause}. */
  resume(): void {
    this.#terminal.stdin.setRawMode?.(true);
    this.#terminal.stdin.resume();
  }

  /** Leaves the terminal to another program. */
  pause(): void {
    this.#terminal.stdin.setRawMode?.(false);
    this.#terminal.stdin.pause();
  }

  [Symbol.dispose](): void {
    this.#terminal.stdin.off('keypress', this.press);
    this.#stay();
    if (this.#knowsPaste) this.#terminal.stdout.write(PASTE_OFF);
    this.pause();
  }
}
