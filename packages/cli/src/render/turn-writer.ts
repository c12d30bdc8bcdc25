import type { RunEvent } from '@patchbay/core';
import { printable } from '@patchbay/core';
import type { Terminal } from '../terminal.ts';
import { line } from '../terminal.ts';
import { renderCall } from './call.ts';
import { renderNotice } from './notice.ts';
import type { Style } from './style.ts';
import { styleFor } from './style.ts';

/** Writes the events of one request as they come, and only ever adds to what is on the screen. */
export class TurnWriter {
  readonly #stream: Terminal['stdout'];
  readonly #style: Style;
  #isMidLine = false;

  constructor(stream: Terminal['stdout']) {
    this.#stream = stream;
    this.#style = styleFor(stream);
  }

  show(event: RunEvent): void {
    if (event.type === 'text-delta') return this.#text(printable(event.text));
    if (event.type === 'tool-result') return this.#line(renderCall(event, this.#style));
    if (event.type === 'run-end') return this.endLine();
    const notice = renderNotice(event);
    if (notice !== undefined) this.#line(notice);
  }

  /** Ends a line of text that was cut short. */
  endLine(): void {
    if (this.#isMidLine) this.#stream.write('\n');
    this.#isMidLine = false;
  }

  #line(text: string): void {
    this.endLine();
    line(this.#stream, text);
  }

  #text(text: string): void {
    if (text === '') return;
    this.#stream.write(text);
    this.#isMidLine = !text.endsWith('\n');
  }
}
