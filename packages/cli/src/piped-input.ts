import { fstatSync } from 'node:fs';
import { PatchbayError } from '@patchbay/core';
import type { Terminal } from './terminal.ts';
import { line } from './terminal.ts';

/** Longest text that goes with a request, in bytes. */
const MAX_BYTES = 1024 * 1024;
/** Whoever starts this program without a thought for its input leaves a pipe open that nothing ever comes through. */
const FIRST_BYTE_MS = 3000;

/**
 * What is piped in, to its end; nothing at a terminal. A pipe through which nothing comes for 3 s is given up.
 *
 * @throws {PatchbayError} when it is longer than 1 MiB.
 */
export async function readPiped({ stdin, stderr }: Terminal): Promise<string> {
  if (stdin.isTTY === true || !isPipeOrFile()) return '';
  const chunks: Buffer[] = [];
  let size = 0;
  const late = setTimeout(() => {
    line(stderr, 'Nothing was piped in for 3 s: going on without it.');
    stdin.destroy();
  }, FIRST_BYTE_MS);
  try {
    for await (const chunk of stdin) {
      clearTimeout(late);
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > MAX_BYTES) {
        throw new PatchbayError('CONFIG_INVALID', `More than ${MAX_BYTES} bytes are piped in`, {
          hint: 'Put it into a file that a tool can read in pieces.',
        });
      }
      chunks.push(bytes);
    }
  } catch (error) {
    if (error instanceof PatchbayError) throw error;
    // The pipe was given up, or broke: what has come is what there is.
  } finally {
    clearTimeout(late);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The request with what was piped in below it, fenced so that the two cannot be taken for one another. */
export function withPiped(prompt: string, piped: string): string {
  if (piped.trim() === '') return prompt;
  const longest = Math.max(2, ...Array.from(piped.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${prompt}\n\n${fence}\n${piped.trimEnd()}\n${fence}`;
}

/** `/dev/null` and the like have nothing to say. */
function isPipeOrFile(): boolean {
  try {
    const stats = fstatSync(0);
    return stats.isFIFO() || stats.isFile() || stats.isSocket();
  } catch {
    return false;
  }
}
