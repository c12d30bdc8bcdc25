import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** What is written at a time, in bytes. */
const BUFFER_BYTES = 256 * 1024;
/** Most bytes that one UTF-16 unit takes in UTF-8. */
const MAX_UNIT_BYTES = 3;

/** Text on its way into a file. */
export interface HashedOutput {
  write(text: string): Promise<void>;
  /** Puts the rest on the disk. */
  finish(): Promise<{ readonly bytes: number; readonly sha256: string }>;
}

/** All text goes through one buffer: a new one for each piece would be 100 MB of garbage in a large export. */
export function hashedOutput(file: FileHandle): HashedOutput {
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  const hash = createHash('sha256');
  let used = 0;
  let bytes = 0;

  const flush = async (): Promise<void> => {
    const chunk = buffer.subarray(0, used);
    hash.update(chunk);
    bytes += used;
    used = 0;
    await file.writeFile(chunk);
  };

  return {
    async write(text) {
      for (let at = 0; at < text.length;) {
        const piece = text.slice(at, endOfPiece(text, at));
        if (used + piece.length * MAX_UNIT_BYTES > BUFFER_BYTES) await flush();
        used += buffer.write(piece, used);
        at += piece.length;
      }
    },
    async finish() {
      await flush();
      await file.sync();
      return { bytes, sha256: hash.digest('hex') };
    },
  };
}

/** As much as fits an empty buffer; the halves of one character stay together. */
function endOfPiece(text: string, start: number): number {
  const end = start + Math.floor(BUFFER_BYTES / MAX_UNIT_BYTES);
  if (end >= text.length) return text.length;
  const isHalf = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
  return isHalf ? end - 1 : end;
}
