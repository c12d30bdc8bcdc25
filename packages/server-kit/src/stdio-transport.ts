import type { Readable, Writable } from 'node:stream';
import type { JSONRPCMessage, RequestId, Transport } from '@modelcontextprotocol/server';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/server';

/** How long requests that came before the end of the input may still take, in milliseconds. */
const ANSWER_LIMIT_MS = 1000;

/** Stays open by its nature, so nothing waits for its answer. */
const SUBSCRIPTION = 'subscriptions/listen';

/**
 * One message a line, in and out. The SDK's own transport drops what is in flight when the input ends, so that
 * `server < requests.jsonl` would answer nothing that takes time; this one lets it finish.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;

  /**
   * Resolves when nothing more is to be done: the input has ended and what it asked for is answered (or has had its
   * time), the output has no reader any more, or a message was too long to go on.
   */
  readonly ended: Promise<void>;

  readonly #input: Readable;
  readonly #output: Writable;
  readonly #buffer = new ReadBuffer();
  readonly #unanswered = new Set<RequestId>();
  readonly #end: () => void;
  #hasInput = true;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#end = resolve;
  }

  async start(): Promise<void> {
    this.#output.on('error', this.#end);
    this.#input.on('data', this.#read);
    this.#input.once('end', this.#finish);
    this.#input.once('close', this.#finish);
    this.#input.once('error', this.#finish);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#output.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
    if (!('method' in message)) this.#settle(message.id);
  }

  async close(): Promise<void> {
    this.#input.off('data', this.#read);
    this.#input.pause();
    this.onclose?.();
    this.#end();
  }

  readonly #read = (chunk: Buffer): void => {
    try {
      this.#buffer.append(chunk);
    } catch (error) {
      this.onerror?.(new Error('a message on the input is too long', { cause: error }));
      this.#end();
      return;
    }
    this.#deliver();
  };

  #deliver(): void {
    for (;;) {
      try {
        const message = this.#buffer.readMessage();
        if (message === null) return;
        this.#track(message);
        this.onmessage?.(message);
      } catch (error) {
        this.onerror?.(new Error('a line of the input is JSON, but no JSON-RPC message', { cause: error }));
      }
    }
  }

  readonly #finish = (): void => {
    if (!this.#hasInput) return;
    this.#hasInput = false;
    // The last line may lack its newline.
    this.#read(Buffer.from('\n'));
    if (this.#unanswered.size === 0) this.#end();
    else setTimeout(this.#end, ANSWER_LIMIT_MS);
  };

  /** Looks no closer: what came was checked when it was read, and is again by whom it is for. */
  #track(message: JSONRPCMessage): void {
    if (!('method' in message)) return;
    if ('id' in message) {
      if (message.method !== SUBSCRIPTION) this.#unanswered.add(message.id);
    } else if (message.method === 'notifications/cancelled') {
      const id = message.params?.['requestId'];
      if (typeof id === 'string' || typeof id === 'number') this.#settle(id);
    }
  }

  #settle(id: RequestId | undefined): void {
    if (id !== undefined) this.#unanswered.delete(id);
    if (!this.#hasInput && this.#unanswered.size === 0) this.#end();
  }
}
