import { LineReader } from './line-reader.ts';

/** Pause before a stream that ended is asked for again, where the server names none, in milliseconds. */
const RETRY_MS = 1000;
/** Shortest and longest pause that a server may want: one that wants none would be asked without end. */
const MIN_RETRY_MS = 100;
const MAX_RETRY_MS = 60_000;

/** Reads server-sent events from the bytes of a stream. Comments, and what MCP does not use, are passed over. */
export class EventStream {
  /** The id of the last event that had one: where the stream can be taken up again. */
  lastId: string | undefined;
  /** How long the server wants to be left alone after the stream has ended, in milliseconds. */
  retryMs: number | undefined;
  readonly #maxBytes: number;
  readonly #lines: LineReader;
  readonly #onData: (data: string) => void;
  #data: string[] = [];
  /** At least as many bytes as characters. */
  #chars = 0;
  #isMessage = true;

  constructor(maxBytes: number, onData: (data: string) => void) {
    this.#maxBytes = maxBytes;
    this.#lines = new LineReader(maxBytes);
    this.#onData = onData;
  }

  /** How long to leave the server alone before the stream is taken up again, after failures in a row, in milliseconds. */
  pauseMs(failures: number): number {
    const wantedMs = this.retryMs ?? RETRY_MS * (failures + 1);
    return Math.min(Math.max(wantedMs, MIN_RETRY_MS), MAX_RETRY_MS);
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
    if (field === 'data') this.#add(value);
    else if (field === 'event') this.#isMessage = value === '' || value === 'message';
    else if (field === 'id') this.lastId = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
  }

  /** An event may come in many lines, each of them short. */
  #add(value: string): void {
    this.#chars += value.length + 1;
    if (this.#chars > this.#maxBytes)
      throw new RangeError(`A message is longer than ${this.#maxBytes} bytes`);
    this.#data.push(value);
  }

  #dispatch(): void {
    const data = this.#data.join('\n');
    const isMessage = this.#isMessage;
    this.#data = [];
    this.#chars = 0;
    this.#isMessage = true;
    // An event may have no data: it only says where the stream is.
    if (isMessage && data !== '') this.#onData(data);
  }
}
