import type { IncomingMessage } from 'node:http';
import { UnderWay } from './under-way.ts';

/** How many streams may stay open that have brought their answer. */
const MAX_LINGERING = 64;

/** The stream of one answer. */
export interface AnswerStream {
  readonly id: string | number;
  readonly response: IncomingMessage;
  /** Whether nothing more is wanted of it: its answer is there, or nobody waits for that any more. */
  readonly isOver: boolean;
}

/** The streams that answers come on. Servers are to end them: those that never do are not let keep all their connections. */
export class AnswerStreams {
  readonly #open = new UnderWay<{ -readonly [key in keyof AnswerStream]: AnswerStream[key] }>();
  #lingering = 0;

  add(id: string | number, response: IncomingMessage): AnswerStream {
    const stream = { id, response, isOver: false };
    this.#open.set(id, stream);
    return stream;
  }

  /** Nothing more is wanted of the stream of `id`. */
  finish(id: string | number): void {
    const stream = this.#open.get(id);
    if (!stream || stream.isOver) return;
    stream.isOver = true;
    this.#lingering += 1;
    if (this.#lingering <= MAX_LINGERING) return;
    for (const { isOver, response } of this.#open.values()) if (isOver) response.destroy();
  }

  /** It has ended. */
  delete({ id, isOver }: AnswerStream): void {
    if (isOver) this.#lingering -= 1;
    this.#open.delete(id);
  }
}
