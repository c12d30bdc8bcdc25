import type { Transport } from '@modelcontextprotocol/client';
import { ConnectionLostError } from './wire-errors.ts';

/** How many answers are on their way to a server at a time. The others wait until it has taken one. */
const MAX_UNDER_WAY = 16;

/** How much of what a server asked for may wait for it to take, in bytes. */
export const MAX_WAITING_BYTES: number = 64 * 1024 * 1024;

/** What keeping an answer takes besides its text, in bytes: most are as short as that to a `ping`. */
const KEEPING_BYTES = 1024;

type Send = Transport['send'];

interface Waiting {
  readonly answer: Parameters<Send>;
  readonly bytes: number;
  readonly settle: PromiseWithResolvers<void>;
}

/**
 * Answers to what a server asks of this side. One that asks without taking its answers is given up, before they fill the
 * memory.
 */
export class AnswerQueue {
  readonly #send: Send;
  readonly #onFull: (reason: string) => void;
  #waiting: Waiting[] = [];
  #bytes = 0;
  #underWay = 0;
  #isFull = false;

  constructor(send: Send, onFull: (reason: string) => void) {
    this.#send = send;
    this.#onFull = onFull;
  }

  /** Resolves when the server has taken the answer. */
  send(...answer: Parameters<Send>): Promise<void> {
    if (this.#isFull) return Promise.reject(new ConnectionLostError(FULL));
    if (this.#underWay < MAX_UNDER_WAY) return this.#pass(answer);
    const bytes = KEEPING_BYTES + JSON.stringify(answer[0]).length;
    const settle = Promise.withResolvers<void>();
    this.#waiting.push({ answer, bytes, settle });
    this.#bytes += bytes;
    if (this.#bytes > MAX_WAITING_BYTES) this.#giveUp();
    return settle.promise;
  }

  async #pass(answer: Parameters<Send>): Promise<void> {
    this.#underWay += 1;
    try {
      await this.#send(...answer);
    } finally {
      this.#underWay -= 1;
      this.#next();
    }
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (!next) return;
    this.#bytes -= next.bytes;
    this.#pass(next.answer).then(next.settle.resolve, next.settle.reject);
  }

  #giveUp(): void {
    this.#isFull = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#onFull(FULL);
    for (const { settle } of waiting) settle.reject(new ConnectionLostError(FULL));
  }
}

const FULL = `it asks without reading the answers, of which ${MAX_WAITING_BYTES / 1024 / 1024} MiB wait`;
