import type { Cell, Column, QueryResult, ResultLimits } from './database.ts';

/** Collects the rows of one result until a limit is met. */
export interface ResultRows {
  /** Takes one row; false when more need not be read. Rows without room are still counted, up to one too many. */
  add(row: readonly Cell[]): boolean;
  /** What was taken. `columns` are the result's. */
  finish(columns: readonly Column[]): QueryResult;
}

export function collectRows(limits: ResultLimits): ResultRows {
  const rows: (readonly Cell[])[] = [];
  let bytes = 0;
  let seen = 0;
  let cutCells = 0;
  let cutBy: 'rows' | 'bytes' | undefined;
  const isLong = (cell: Cell): cell is string =>
    typeof cell === 'string' && cell.length > limits.maxCellChars;
  const shorten = (cell: Cell): Cell =>
    isLong(cell) ? `${cell.slice(0, limits.maxCellChars).toWellFormed()}… (${cell.length} characters)` : cell;

  return {
    add(row) {
      seen += 1;
      if (cutBy) return seen <= limits.maxRows + 1;
      if (rows.length >= limits.maxRows) {
        cutBy = 'rows';
        return true;
      }
      const long = row.filter(isLong).length;
      const short = long === 0 ? row : row.map(shorten);
      bytes += Buffer.byteLength(JSON.stringify(short));
      if (bytes > limits.maxBytes) cutBy = 'bytes';
      else {
        cutCells += long;
        rows.push(short);
      }
      return true;
    },
    finish: (columns) => ({
      columns,
      rows,
      cutBy,
      totalRows: seen > limits.maxRows ? null : seen,
      cutCells,
    }),
  };
}
