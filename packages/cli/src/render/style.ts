import { stripVTControlCharacters, styleText } from 'node:util';
import type { Terminal } from '../terminal.ts';

/** Colours for one stream: none where it is not a terminal, or where NO_COLOR asks for none. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  dim(text: string): string;
  strong(text: string): string;
  readonly isColored: boolean;
}

type Format = Parameters<typeof styleText>[0];

export function styleFor(stream: Terminal['stdout']): Style {
  const paint =
    (format: Format) =>
    (text: string): string =>
      stream.isTTY === true ? styleText(format, text, { stream }) : stripVTControlCharacters(text);
  const [good, bad, dim, strong] = [paint('green'), paint('red'), paint('dim'), paint('bold')];
  return { good, bad, dim, strong, isColored: good('.') !== '.' };
}
