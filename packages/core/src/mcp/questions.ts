/** Counts what a server waits for on this side, as the user's answer, while which a call's silence is not the server's. */
export class Questions {
  #open = 0;

  get areOpen(): boolean {
    return this.#open > 0;
  }

  async during<T>(ask: () => Promise<T>): Promise<T> {
    this.#open += 1;
    try {
      return await ask();
    } finally {
      this.#open -= 1;
    }
  }
}
