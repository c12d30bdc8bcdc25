/** Counts who uses a server, and says when nobody has for a while. */
export class UseCount {
  readonly #idleMs: number | undefined;
  readonly #onIdle: () => void;
  #count = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Without `idleMs` it only counts. */
  constructor(idleMs: number | undefined, onIdle: () => void) {
    this.#idleMs = idleMs;
    this.#onIdle = onIdle;
  }

  get isFree(): boolean {
    return this.#count === 0;
  }

  enter(): void {
    this.#count += 1;
    this.stop();
  }

  leave(): void {
    this.#count -= 1;
    this.rest();
  }

  /** Begins to wait for its end, unless it is in use. */
  rest(): void {
    this.stop();
    if (this.#count > 0 || this.#idleMs === undefined) return;
    this.#timer = setTimeout(this.#onIdle, this.#idleMs).unref();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
