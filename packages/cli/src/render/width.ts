import { stripVTControlCharacters } from 'node:util';

/** How many columns of a terminal a text takes: two for a wide character, none for a mark on another, or for colour. */
export function widthOf(text: string): number {
  let width = 0;
  for (const [shape] of stripVTControlCharacters(text).matchAll(SHAPE)) width += shapeWidth(shape);
  return width;
}

/** The beginning of `text` that takes at most `columns`. */
export function fit(text: string, columns: number): string {
  let width = 0;
  let shown = '';
  for (const [shape] of text.matchAll(SHAPE)) {
    width += shapeWidth(shape);
    if (width > columns) return shown;
    shown += shape;
  }
  return shown;
}

/** The same, with `…` at the end of what was cut. */
export function clipped(text: string, columns: number): string {
  return widthOf(text) <= columns ? text : `${fit(text, columns - 1)}…`;
}

/**
 * One line, broken between words where it would be longer than `columns`; what goes on begins with `indent` spaces. A word
 * that is longer than a line stays whole, so that it can be copied.
 */
export function wrapped(
  text: string,
  { columns, indent }: { readonly columns: number; readonly indent: number },
): string {
  if (widthOf(text) <= columns) return text;
  const margin = ' '.repeat(Math.min(indent, Math.floor(columns / 4)));
  const [start = ''] = /^ */.exec(text) ?? [];
  const lines: string[] = [];
  let line = start;
  for (const word of text.slice(start.length).split(/(?<=[^ ])(?= )/)) {
    const isBegun = line.trim() !== '';
    const fitsBelow = widthOf(margin + word.trimStart()) <= columns;
    if (isBegun && fitsBelow && widthOf(line + word) > columns) {
      lines.push(line);
      line = margin + word.trimStart();
    } else line += word;
  }
  return [...lines, line].join('\n');
}

/** Prose of any number of lines, each broken as {@link wrapped} does; what goes on is indented deeper than it began. */
export function wrappedLines(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => {
      const [start = ''] = /^ */.exec(stripVTControlCharacters(line)) ?? [];
      return wrapped(line, { columns, indent: start.length + 2 });
    })
    .join('\n');
}

/** Least room that is worth a second column. */
const MIN_SECOND_COLUMN = 24;

/** Rows of a word and what it means: side by side, or one below the other where there is no room. */
export function twoColumns(rows: readonly (readonly [string, string])[], columns: number): string[] {
  const width = Math.max(0, ...rows.map(([left]) => widthOf(left)));
  const isNarrow = columns - width - 4 < MIN_SECOND_COLUMN;
  return rows.map(([left, right]) => {
    if (isNarrow) return `  ${left}\n${wrapped(`      ${right}`, { columns, indent: 6 })}`;
    const beside = wrapped(right, { columns: columns - width - 4, indent: 0 });
    const gap = ' '.repeat(width - widthOf(left) + 2);
    return `  ${left}${gap}${beside.replaceAll('\n', `\n${' '.repeat(width + 4)}`)}`;
  });
}

/** One character, or those that joiners make one of: a family, a woman at a computer. */
const SHAPE = /[^](?:\p{M}*\u200D[^])*/gu;
const WIDE =
  /^(?:[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]|(?!\p{RI})\p{Emoji_Presentation})/u;
/** Soft hyphens are of these too, and shown. */
const INVISIBLE = /^(?:\p{Mn}|\p{Me}|(?!\u00AD)\p{Cf})/u;

function shapeWidth(shape: string): number {
  if (WIDE.test(shape)) return 2;
  return INVISIBLE.test(shape) ? 0 : 1;
}
