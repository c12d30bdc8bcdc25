import { styleText } from 'node:util';
import type { Terminal } from '../terminal.ts';
import type { Signs } from './signs.ts';
import { DRAWN, WORDS } from './signs.ts';

/** How a person is written to: `words` is plain, and without signs. */
export type Display = 'drawn' | 'plain' | 'words';

type Paint = (text: string) => string;

/** How one stream is written to: colours, signs, and how long a line may be. */
export interface Style {
  readonly good: Paint;
  readonly bad: Paint;
  readonly dim: Paint;
  readonly strong: Paint;
  readonly isColored: boolean;
  readonly signs: Signs;
  /** What fits into a line; `Infinity` where lines end at no edge, as in a pipe. */
  readonly columns: number;
}

/** No colours where the stream is not a terminal, or where NO_COLOR or TERM=dumb ask for none. */
export function styleFor(stream: Terminal['stdout'], display: Display = 'drawn'): Style {
  return createStyle({
    isColored: stream.isTTY === true && stream.hasColors?.() === true,
    signs: display === 'words' ? WORDS : DRAWN,
    // Asked for anew each time: a window can be resized.
    get columns() {
      return stream.isTTY === true ? (stream.columns ?? 80) : Infinity;
    },
  });
}

type Format = Parameters<typeof styleText>[0];

/** A style by what is known of a stream. */
export function createStyle(about: Pick<Style, 'isColored' | 'signs' | 'columns'>): Style {
  const { isColored, signs } = about;
  const paint =
    (format: Format): Paint =>
    (text) =>
      isColored ? styleText(format, text, { validateStream: false }) : text;
  const [good, bad, dim, strong] = [paint('green'), paint('red'), paint('dim'), paint('bold')];
  return {
    good,
    bad,
    dim,
    strong,
    isColored,
    signs,
    get columns() {
      return about.columns;
    },
  };
}
