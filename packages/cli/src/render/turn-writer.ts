import type { ContentPart, RunEvent } from '@patchbay/core';
import { printable } from '@patchbay/core';
import type { Screen } from '../chat/screen.ts';
import { renderCall } from './call.ts';
import { drawImage } from './image.ts';
import type { MarkdownStream } from './markdown.ts';
import { renderNotice } from './notice.ts';
import { TurnStatus } from './turn-status.ts';

/** Writes the events of one request as they come, and only ever adds to what is on the screen. */
export class TurnWriter implements Disposable {
  readonly #screen: Screen;
  readonly #status: TurnStatus;
  #markdown: MarkdownStream | undefined;
  /** The end of the text that is not complete enough to be shown for good. */
  #tail = '';

  constructor(screen: Screen) {
    this.#screen = screen;
    this.#status = new TurnStatus(screen);
  }

  async show(event: RunEvent): Promise<void> {
    this.#status.hear(event);
    if (event.type === 'text-delta') return this.#text(printable(event.text));
    if (event.type === 'tool-call' || event.type === 'run-end') return this.endText();
    if (event.type === 'tool-result') {
      this.endText();
      this.#screen.line(renderCall(event, this.#screen.style));
      return this.#drawImages(event.result.content);
    }
    const notice = renderNotice(event, this.#screen.style);
    if (notice === undefined) return undefined;
    this.endText();
    return this.#screen.say(notice);
  }

  /** Writes what was held back until it would be complete. */
  endText(): void {
    if (this.#markdown) this.#screen.write(this.#markdown.finish());
    this.#markdown = undefined;
    this.#tail = '';
    this.#screen.endLine();
  }

  [Symbol.dispose](): void {
    this.endText();
    this.#status[Symbol.dispose]();
  }

  #drawImages(content: readonly ContentPart[]): void {
    const { images } = this.#screen;
    if (images === undefined) return;
    for (const part of content) {
      if (part.type === 'image') this.#screen.write(drawImage(part, images) ?? '');
    }
  }

  async #text(text: string): Promise<void> {
    const { isLive, columns, style } = this.#screen;
    // Only a person wants tables drawn: what reads a pipe gets the text as the model wrote it.
    if (!isLive) return this.#screen.write(text);
    if (!this.#markdown) {
      const { streamMarkdown } = await import('./markdown.ts');
      this.#markdown = streamMarkdown({ columns, isColored: style.isColored });
    }
    this.#screen.write(this.#markdown.push(text));
    this.#tail = `${this.#tail}${text}`.split('\n').at(-1) ?? '';
    this.#status.saying(this.#tail.slice(-(columns - 1)));
  }
}
