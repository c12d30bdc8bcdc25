import type { Display } from './render/style.ts';
import { styleFor } from './render/style.ts';
import type { Terminal } from './terminal.ts';
import { canMoveCursor } from './terminal.ts';

const ERASE_LINE = '\r\u001B[K';

/**
 * Shows a person that something is coming, from the first moment until it comes: the terminal that is given back takes
 * the line away before anything is written to it. Where nobody looks, or nothing can be erased, there is no line.
 */
export function showWaiting(terminal: Terminal, display: Display): Terminal & Disposable {
  const { stdout, stderr } = terminal;
  let isShown = stderr.isTTY === true && canMoveCursor(terminal) && display === 'drawn';
  if (isShown) stderr.write(styleFor(stderr).dim('one moment …'));
  const erase = (): void => {
    if (isShown) stderr.write(ERASE_LINE);
    isShown = false;
  };
  return { ...terminal, stdout: after(erase, stdout), stderr: after(erase, stderr), [Symbol.dispose]: erase };
}

/** The same stream, but that `first` runs before each time that something is written to it. */
function after(first: () => void, stream: Terminal['stdout']): Terminal['stdout'] {
  const write = (chunk: string | Uint8Array): boolean => {
    first();
    return stream.write(chunk);
  };
  return Object.create(stream, { write: { value: write } });
}
