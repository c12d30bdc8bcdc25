/** How much text is kept for reading on, in characters; beyond that the oldest goes. */
const MAX_KEPT_CHARS = 64 * 1024 * 1024;

/** Where a text is kept: the handle that reads it, and the file, if it is one. */
export interface KeptText {
  readonly handle: string;
  readonly path?: string;
}

/** Results that were too long to be sent whole, by handle. */
export interface ResultStore {
  /** What is kept twice has one handle. Never rejects: what cannot be kept where it should be is kept in memory. */
  keep(text: string): Promise<KeptText>;
  /** `undefined` when there is none of that handle any more. */
  read(handle: string): Promise<string | undefined>;
}

/** Keeps results as long as the program runs. Nothing is written to disk. */
export class ResultsInMemory implements ResultStore {
  readonly #texts = new Map<string, string>();
  #chars = 0;
  #count = 0;

  keep(text: string): Promise<KeptText> {
    for (const [handle, kept] of this.#texts) if (kept === text) return Promise.resolve({ handle });
    this.#count += 1;
    const handle = `r${this.#count}`;
    this.#texts.set(handle, text);
    this.#chars += text.length;
    for (const [oldest, { length }] of this.#texts) {
      if (this.#chars <= MAX_KEPT_CHARS || oldest === handle) break;
      this.#texts.delete(oldest);
      this.#chars -= length;
    }
    return Promise.resolve({ handle });
  }

  read(handle: string): Promise<string | undefined> {
    return Promise.resolve(this.#texts.get(handle));
  }
}
