import { LineReader } from './line-reader.ts';

/** Reads server-sent events from the bytes of a stream. Comments, and what MCP does not use, are passed over. */
export class EventStream {
  /** The id of the last event that had one: where the stream can be taken up again. */
  lastId: string | undefined;
  /** How long the server wants to be left alone after the stream has ended, in milliseconds. */
  retryMs: number | undefined;
  readonly #lines: LineReader;
  readonly #onData: (data: string) => void;
  #data: string[] = [];
  #isMessage = true;

  constructor(maxBytes: number, onData: (data: string) => void) {
    this.#lines = new LineReader(maxBytes);
    this.#onData = onData;
  }

  /** @throws {RangeError} when an event is longer than the limit. */
  push(chunk: Buffer): void {
    for (const line of this.#lines.read(chunk)) this.#take(line.endsWith('\r') ? line.slice(0, -1) : line);
  }

  #take(line: string): void {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#isMessage = value === '' || value === 'message';
    else if (field === 'id') this.lastId = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
  }

  #dispatch(): void {
    const data = this.#data.join('\n');
    const isMessage = this.#isMessage;
    this.#data = [];
    this.#isMessage = true;
    // An event may have no data: it only says where the stream is.
    if (isMessage && data !== '') this.#onData(data);
  }
}
