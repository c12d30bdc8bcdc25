import type { IncomingMessage } from 'node:http';
import { MAX_MESSAGE_BYTES } from './message.ts';

/** What takes a body, chunk by chunk. What it throws ends the reading. */
export interface BodyReader<T> {
  readonly onChunk: (chunk: Buffer) => void;
  /** What the body comes to, once there is no more of it. */
  readonly onEnd: () => T | PromiseLike<T>;
}

/** The two ends of a promise. */
export interface Settle<T> {
  readonly resolve: (value: T | PromiseLike<T>) => void;
  readonly reject: (error: unknown) => void;
}

/** Reads a body to its end. Rejects when it breaks off, or with what the reader throws. */
export function read<T>(
  response: IncomingMessage,
  { onChunk, onEnd }: BodyReader<T>,
  { resolve, reject }: Settle<T>,
): void {
  response.on('data', (chunk: Buffer) => {
    try {
      onChunk(chunk);
    } catch (error) {
      reject(error);
      response.destroy();
    }
  });
  response.once('end', () => {
    try {
      resolve(onEnd());
    } catch (error) {
      reject(error);
    }
  });
  response.on('error', reject);
}

/** Takes a body as text, which may be as long as a message. */
export function textReader<T>(onText: (text: string) => T | PromiseLike<T>): BodyReader<T> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    onChunk(chunk) {
      bytes += chunk.length;
      if (bytes > MAX_MESSAGE_BYTES)
        throw new RangeError(`A message is longer than ${MAX_MESSAGE_BYTES} bytes`);
      chunks.push(chunk);
    },
    onEnd: () =>
      onText((chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)).toString('utf8')),
  };
}

/** Reads a stream for as long as it lasts, however it ends. */
export function drain(response: IncomingMessage, onChunk: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve) => {
    read(response, { onChunk, onEnd: () => undefined }, { resolve, reject: () => resolve() });
  });
}

/** The type of what comes, without its parameters. */
export function typeIn({ headers }: IncomingMessage): string | undefined {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
}
