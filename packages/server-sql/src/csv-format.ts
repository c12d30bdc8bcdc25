import type { Cell } from './database.ts';
import type { RowFormat } from './row-format.ts';

/** RFC 4180 with a header line; `mapCell` is done to each cell. */
export function csvFormat(mapCell?: (cell: Cell) => Cell): RowFormat {
  return {
    head: (columns) => csvRecord(columns.map(({ name }) => name)),
    record: mapCell ? (cells) => csvRecord(cells.map(mapCell)) : csvRecord,
    tail: '',
  };
}

/** One record of a CSV file (RFC 4180), with its line end. NULL is empty; an empty text is a pair of quotes. */
export function csvRecord(cells: readonly Cell[]): string {
  let record = '';
  for (let column = 0; column < cells.length; column += 1) {
    if (column > 0) record += ',';
    record += csvField(cells[column] ?? null);
  }
  return `${record}\r\n`;
}

function csvField(cell: Cell): string {
  if (cell === null) return '';
  const text = String(cell);
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a spreadsheet takes for a formula at the start of a text. Source: OWASP on CSV injection. */
const FORMULA = /^[=+\-@\t\r]/;

/** With an apostrophe in front a spreadsheet shows the text and runs nothing. A number stays as it is. */
export function withoutFormula(cell: Cell): Cell {
  const isFormula = typeof cell === 'string' && FORMULA.test(cell) && !NUMBER.test(cell);
  return isFormula ? `'${cell}` : cell;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
