import type { ImageProtocol } from '../render/image.ts';
import type { Display, Style } from '../render/style.ts';
import { styleFor } from '../render/style.ts';
import { fit, wrappedLines } from '../render/width.ts';
import type { DebugLog, Terminal } from '../terminal.ts';

const ERASE_LINE = '\r\u001B[K';

/** A line that is being typed: it has to go before anything is written, and to come back after. */
export interface PromptLine {
  hide(): void;
  show(): void;
}

export interface ScreenOptions {
  /** A terminal's line may be replaced in place, and tables drawn. */
  readonly isLive?: boolean;
  readonly images?: ImageProtocol | undefined;
  readonly display?: Display;
  readonly debugLog?: DebugLog | undefined;
}

/**
 * What a chat writes to. It only ever adds to what is there; on a terminal, its last line may be a status that is
 * replaced in place, or the line that is being typed, which stays below what comes meanwhile.
 */
export class Screen {
  readonly stream: Terminal['stdout'];
  readonly style: Style;
  /** Whether a line may be replaced in place. */
  readonly isLive: boolean;
  /** How images are drawn, where they are. */
  readonly images: ImageProtocol | undefined;
  readonly debugLog: DebugLog | undefined;
  #status = '';
  #isMidLine = false;
  #prompt: PromptLine | undefined;

  constructor(stream: Terminal['stdout'], options: ScreenOptions = {}) {
    const { isLive = false, images, display, debugLog } = options;
    this.stream = stream;
    this.style = styleFor(stream, display);
    this.isLive = isLive && stream.isTTY === true;
    this.images = this.isLive ? images : undefined;
    this.debugLog = debugLog;
  }

  /** How many characters fit into a line. */
  get columns(): number {
    return this.stream.columns ?? 80;
  }

  /** Adds text to where the last ended. */
  write(text: string): void {
    if (text === '') return;
    this.#eraseStatus();
    this.#prompt?.hide();
    this.stream.write(text);
    this.#isMidLine = !text.endsWith('\n');
    this.#prompt?.show();
  }

  /** Adds whole lines, below a line that was cut short. */
  line(text: string): void {
    this.write(`${this.#isMidLine ? '\n' : ''}${text}\n`);
  }

  /** Adds lines of prose, broken between words where the edge of a terminal would break them. */
  say(text: string): void {
    this.line(wrappedLines(text, this.style.columns));
  }

  /** Ends a line that was cut short. */
  endLine(): void {
    if (this.#isMidLine) this.write('\n');
    this.#eraseStatus();
  }

  /** Shows a line that the next one, or anything written, replaces. Longer ones are cut. Only on a terminal. */
  status(text: string): void {
    if (!this.isLive || this.#isMidLine || this.#prompt) return;
    const shown = fit(text, this.columns - 1);
    if (shown === this.#status) return;
    this.stream.write(`${ERASE_LINE}${this.style.dim(shown)}`);
    this.#status = shown;
  }

  /** From now on this line is at the bottom; `undefined`: there is none any more. */
  setPrompt(prompt: PromptLine | undefined): void {
    this.#eraseStatus();
    this.#prompt = prompt;
  }

  #eraseStatus(): void {
    if (this.#status === '') return;
    this.stream.write(ERASE_LINE);
    this.#status = '';
  }
}
