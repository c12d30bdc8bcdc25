import type { Cell, Column, QueryResult, ResultLimits } from './database.ts';

/** Collects the rows of one result until a limit is met. */
export interface ResultRows {
  /** Takes one row; false when more need not be read. Rows without room are still counted, up to one too many. */
  add(row: readonly Cell[]): boolean;
  /** What was taken. `columns` are the result's. */
  finish(columns: readonly Column[]): QueryResult;
}

/** Most bytes of JSON that one unit of a text can take (`\u001f`), and a cell beside its text, with its comma. */
const MOST_BYTES_PER_UNIT = 6;
const MOST_BYTES_BESIDE_TEXT = 26;

export function collectRows(limits: ResultLimits): ResultRows {
  const { maxRows, maxBytes, maxCellChars } = limits;
  const rows: (readonly Cell[])[] = [];
  let seen = 0;
  let cutCells = 0;
  let cutBy: 'rows' | 'bytes' | undefined;
  let measuredRows = 0;
  let measuredBytes = 0;
  /** Of the rows behind those that are measured. As long as even this fits, nothing has to be measured. */
  let mostBytes = 0;

  /** Only the last row may be too much: with the one before it, the bound was met. */
  const measure = (): void => {
    measuredBytes += Buffer.byteLength(JSON.stringify(rows.slice(measuredRows)));
    measuredRows = rows.length;
    mostBytes = 0;
  };

  return {
    add(row) {
      seen += 1;
      if (cutBy) return seen <= maxRows + 1;
      if (rows.length >= maxRows) {
        cutBy = 'rows';
        return true;
      }
      let long = 0;
      for (const cell of row) {
        mostBytes += MOST_BYTES_BESIDE_TEXT;
        if (typeof cell !== 'string') continue;
        mostBytes += cell.length * MOST_BYTES_PER_UNIT;
        if (cell.length > maxCellChars) long += 1;
      }
      rows.push(long === 0 ? row : row.map((cell) => shorten(cell, maxCellChars)));
      cutCells += long;
      if (measuredBytes + mostBytes > maxBytes) measure();
      if (measuredBytes > maxBytes) {
        cutBy = 'bytes';
        rows.pop();
        cutCells -= long;
      }
      return true;
    },
    finish: (columns) => ({ columns, rows, cutBy, totalRows: seen > maxRows ? null : seen, cutCells }),
  };
}

function shorten(cell: Cell, maxChars: number): Cell {
  if (typeof cell !== 'string' || cell.length <= maxChars) return cell;
  return `${cell.slice(0, maxChars).toWellFormed()}… (${cell.length} characters)`;
}
