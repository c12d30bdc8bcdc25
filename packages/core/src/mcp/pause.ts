/** A wait before the next try. It keeps no process alive by itself, only while somebody waits for the try. */
export class Pause {
  /** Resolves when the time is over, or at once when `signal` is aborted. */
  readonly over: Promise<void>;
  readonly #timer: NodeJS.Timeout;

  constructor(ms: number, signal: AbortSignal) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const onAbort = (): void => resolve();
    this.over = promise;
    this.#timer = setTimeout(resolve, signal.aborted ? 0 : Math.max(0, ms)).unref();
    signal.addEventListener('abort', onAbort, { once: true });
    void this.#clear(signal, onAbort);
  }

  /** Somebody waits: the process must not end before. */
  keepAlive(): void {
    this.#timer.ref();
  }

  async #clear(signal: AbortSignal, onAbort: () => void): Promise<void> {
    await this.over;
    clearTimeout(this.#timer);
    signal.removeEventListener('abort', onAbort);
  }
}
