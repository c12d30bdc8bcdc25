import type xterm from '@xterm/headless';

const CELL = { width: 8.4, height: 18 };
const PADDING = 16;
const BACKGROUND = '#16181d';
const FOREGROUND = '#d6d9e0';
/** The first eight colours of a terminal. */
const PALETTE = ['#3b4048', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#abb2bf'];

type Screen = InstanceType<typeof xterm.Terminal>;
type Cell = NonNullable<
  ReturnType<NonNullable<ReturnType<Screen['buffer']['active']['getLine']>>['getCell']>
>;

/** What a terminal shows, down to its last line that is not empty, as an SVG with its text as text. */
export function toSvg({ cols, buffer: { active } }: Screen, title: string): string {
  const lines = Array.from({ length: active.length }, (_, row) => spansOf(active.getLine(row)));
  const last = lines.findLastIndex((spans) => spans.length > 0);
  const width = Math.ceil(cols * CELL.width + 2 * PADDING);
  const height = (last + 1) * CELL.height + 2 * PADDING;
  const texts = lines.slice(0, last + 1).flatMap((spans, row) => {
    const y = PADDING + row * CELL.height + 13;
    return spans.map(({ column, text, look }) => {
      const x = (PADDING + column * CELL.width).toFixed(1);
      const length = (widthOf(text) * CELL.width).toFixed(1);
      return `<text x="${x}" y="${y}" textLength="${length}"${look}>${escaped(text)}</text>`;
    });
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="${FOREGROUND}" xml:space="preserve">`,
    ...texts,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

interface Span {
  readonly column: number;
  text: string;
  readonly look: string;
}

/** The words of a line that look alike, without the spaces around them. */
function spansOf(line: ReturnType<Screen['buffer']['active']['getLine']>): readonly Span[] {
  const spans: Span[] = [];
  let open: Span | undefined;
  for (let column = 0; column < (line?.length ?? 0); column += 1) {
    const cell = line?.getCell(column);
    if (!cell || cell.getWidth() === 0) continue;
    const text = cell.getChars() || ' ';
    const look = lookOf(cell);
    if (open?.look === look) open.text += text;
    else {
      open = { column, text, look };
      spans.push(open);
    }
  }
  return spans.flatMap((span) => {
    const text = span.text.trimEnd();
    const start = text.length - text.trimStart().length;
    return text === '' ? [] : [{ ...span, column: span.column + start, text: text.slice(start) }];
  });
}

function lookOf(cell: Cell): string {
  const color = cell.isFgPalette() ? PALETTE[cell.getFgColor() % 8] : undefined;
  return [
    color === undefined ? '' : ` fill="${color}"`,
    cell.isBold() ? ' font-weight="bold"' : '',
    cell.isDim() ? ' opacity="0.6"' : '',
  ].join('');
}

function widthOf(text: string): number {
  return Array.from(text).length;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
