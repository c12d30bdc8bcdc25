import type { Writable } from 'node:stream';
import { EXIT } from './exit-code.ts';

interface Outputs {
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Ends the process by its hooks, which end the servers. */
  readonly exit: (code: number) => never;
}

/**
 * Ends the program when nobody gets what it writes any more, so that it neither goes on to pay for answers nor dies of it:
 * silently when the reader has gone, as after `| head`, and with a word on stderr when there is another reason, such as a
 * full disk. What cannot be written to stderr is let go, since stdout is what was asked for.
 */
export function endWithOutput({ stdout, stderr, exit }: Outputs): void {
  stderr.on('error', () => undefined);
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') exit(EXIT.readerGone);
    stderr.write(
      `Cannot write to standard output: ${error.message}\n  Send it to where there is room, and run it again.\n`,
    );
    exit(EXIT.other);
  });
}
