/** How many events one slow reader may fall behind before it misses the oldest. */
const MAX_BEHIND = 1000;

/** Hands events on to whoever reads at the moment. Nobody has to: what nobody reads is gone. */
export class EventQueue<T> {
  readonly #readers = new Set<(event: T) => void>();
  readonly #over = new AbortController();

  publish(event: T): void {
    for (const read of this.#readers) read(event);
  }

  /** There will be no more: who reads has what there was, and is at the end. */
  close(): void {
    this.#over.abort();
  }

  /** The events from now on, until `signal` is aborted, the reader leaves, or there will be no more. */
  async *read(signal?: AbortSignal): AsyncGenerator<T> {
    const waiting: T[] = [];
    let wake = Promise.withResolvers<void>();
    const onEvent = (event: T): void => {
      waiting.push(event);
      if (waiting.length > MAX_BEHIND) waiting.shift();
      wake.resolve();
    };
    const onAbort = (): void => wake.resolve();
    this.#readers.add(onEvent);
    const over = this.#over.signal;
    const ends = signal ? [signal, over] : [over];
    for (const end of ends) end.addEventListener('abort', onAbort, { once: true });
    try {
      for (;;) {
        if (signal?.aborted || (over.aborted && waiting.length === 0)) return;
        await wake.promise;
        wake = Promise.withResolvers<void>();
        yield* waiting.splice(0);
      }
    } finally {
      this.#readers.delete(onEvent);
      for (const end of ends) end.removeEventListener('abort', onAbort);
    }
  }
}
