const NEWLINE = 10;

/** Cuts a byte stream into lines in time linear to its length: a chunk is looked at once, a line joined once. */
export class LineReader {
  readonly #maxBytes: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The lines that `chunk` completes.
   *
   * @throws {RangeError} when a line grows over the limit; the stream cannot be read on.
   */
  read(chunk: Buffer): string[] {
    const first = chunk.indexOf(NEWLINE);
    if (first === -1) {
      this.#keep(chunk);
      return [];
    }
    // Most chunks are one line, whole.
    const last = first === chunk.length - 1 ? first : chunk.lastIndexOf(NEWLINE);
    const line =
      this.#pendingBytes === 0 ? chunk.toString('utf8', 0, first) : this.#join(chunk.subarray(0, first));
    if (last + 1 < chunk.length) this.#keep(chunk.subarray(last + 1));
    if (last === first) return [line];
    // What is left is one text, which is cheaper to decode at once than line by line.
    return [line, ...chunk.toString('utf8', first + 1, last).split('\n')];
  }

  #join(end: Buffer): string {
    this.#check(end.length);
    const line = Buffer.concat([...this.#pending, end]);
    this.#pending = [];
    this.#pendingBytes = 0;
    return line.toString('utf8');
  }

  #keep(bytes: Buffer): void {
    this.#check(bytes.length);
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
  }

  #check(more: number): void {
    if (this.#pendingBytes + more > this.#maxBytes)
      throw new RangeError(`A message is longer than ${this.#maxBytes} bytes`);
  }
}
