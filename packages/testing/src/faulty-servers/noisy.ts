// noisy [stdout|stderr]: prints lines that are no protocol on stdout and 400 kB on stderr, first before it reads anything and again
// before each answer; or on one of them alone. A client that does not read stderr fills the pipe, and the server stops.

import { writeSync } from 'node:fs';
import { serveRaw } from './raw-server.ts';

const [only] = process.argv.slice(2);

const STDOUT = 1;
const STDERR = 2;
const LOG_BYTES = 400_000;
const LOG_LINE = `${'debug '.repeat(16)}\n`;

function makeNoise(): void {
  if (only !== 'stderr')
    write(STDOUT, 'Server listening...\n{"level":"info","msg":"not a message"}\n{ broken\n\n');
  if (only !== 'stdout') write(STDERR, LOG_LINE.repeat(Math.ceil(LOG_BYTES / LOG_LINE.length)));
}

/** Blocks until all of it is written, as `print` does in most languages. */
function write(file: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}

makeNoise();
serveRaw({
  tools: ['echo'],
  intercept() {
    makeNoise();
    return undefined;
  },
});
