import type { Readable } from 'node:stream';
import { createBoundedText } from '../session/bounded-text.ts';

/** What a process prints, told apart by call although it arrives in one stream. */
export interface MarkedOutput {
  /** Begins a call whose output ends with `mark`; what came between two calls is left out. */
  begin(mark: string): void;
  /** Settles when the mark has arrived. */
  ended(): Promise<void>;
  /** The end of the stream: what looked like the beginning of a mark was none. */
  finish(): void;
  read(): string;
}

export interface MarkedOutputOptions {
  readonly maxChars: number;
  /** Called when there is more to read. */
  readonly onText: () => void;
}

/** Holds a bounded part of what `stream` says. */
export function createMarkedOutput(
  stream: Readable,
  { maxChars, onText }: MarkedOutputOptions,
): MarkedOutput {
  const text = createBoundedText(maxChars);
  let mark = Buffer.alloc(0);
  let rest = Buffer.alloc(0);
  let hasEnded = Promise.withResolvers<void>();

  stream.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    const end = mark.length === 0 ? -1 : rest.indexOf(mark);
    if (end >= 0) {
      text.write(rest.subarray(0, end));
      rest = Buffer.alloc(0);
      mark = Buffer.alloc(0);
      return hasEnded.resolve();
    }
    // The end of a chunk may be the beginning of a mark.
    const held = lengthOfBeginning(mark, rest);
    text.write(rest.subarray(0, rest.length - held));
    rest = rest.subarray(rest.length - held);
    onText();
  });

  return {
    begin(next) {
      text.clear();
      rest = Buffer.alloc(0);
      mark = Buffer.from(next);
      hasEnded = Promise.withResolvers<void>();
    },
    ended: () => hasEnded.promise,
    finish() {
      text.write(rest);
      rest = Buffer.alloc(0);
    },
    read: () => text.read(),
  };
}

/** How much of `mark` the end of `bytes` could be the beginning of. */
function lengthOfBeginning(mark: Buffer, bytes: Buffer): number {
  for (let length = Math.min(mark.length - 1, bytes.length); length > 0; length -= 1) {
    if (bytes.subarray(bytes.length - length).equals(mark.subarray(0, length))) return length;
  }
  return 0;
}
