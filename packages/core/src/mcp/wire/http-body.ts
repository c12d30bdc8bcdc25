import type { IncomingMessage } from 'node:http';
import { MAX_MESSAGE_BYTES } from './message.ts';

/** Reads a body to its end. Rejects when it breaks off, or with what `onChunk` throws. */
export function read(response: IncomingMessage, onChunk: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    response.on('data', (chunk: Buffer) => {
      try {
        onChunk(chunk);
      } catch (error) {
        reject(error);
        response.destroy();
      }
    });
    response.once('end', resolve);
    response.on('error', reject);
  });
}

/** A body as text. Rejects when it breaks off, or is longer than a message may be. */
export async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  await read(response, (chunk) => {
    bytes += chunk.length;
    if (bytes > MAX_MESSAGE_BYTES)
      throw new RangeError(`A message is longer than ${MAX_MESSAGE_BYTES} bytes`);
    chunks.push(chunk);
  });
  return (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)).toString('utf8');
}

/** The type of what comes, without its parameters. */
export function typeIn({ headers }: IncomingMessage): string | undefined {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
}
