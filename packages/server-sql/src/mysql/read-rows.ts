import type { FieldPacket } from 'mysql2';
import { toCell } from '../cell.ts';
import type { Cell, Column } from '../database.ts';
import { isCellAlready, toColumn } from './column-types.ts';
import type { ServerConnection } from './server-connection.ts';

/** Is told what one statement answers, as it arrives. */
export interface RowReader {
  /** Ahead of the first row. */
  onColumns(columns: readonly Column[]): void;
  onRow(row: readonly Cell[]): void;
  /** Once, after which nothing more is told. */
  onEnd(error?: Error): void;
}

/**
 * Starts one statement. The driver's own stream costs an event and a turn of the loop for each row.
 *
 * @returns what ends the reading with an error, at once; the statement itself goes on.
 */
export function readRows(
  connection: ServerConnection,
  sql: string,
  reader: RowReader,
): (error: Error) => void {
  let isOpen = true;
  let converted: readonly number[] = [];
  const finish = (error?: Error): void => {
    if (!isOpen) return;
    isOpen = false;
    connection.onLost = undefined;
    reader.onEnd(error);
  };

  connection.onLost = finish;
  connection.driver
    .query(sql)
    .on('fields', (fields: readonly FieldPacket[] = []) => {
      converted = fields.flatMap((field, index) => (isCellAlready(field) ? [] : [index]));
      if (isOpen) reader.onColumns(fields.map(toColumn));
    })
    .on('result', (row: unknown) => {
      if (!isOpen || !Array.isArray(row)) return;
      // In place: a second array for each row is half of an export's garbage.
      const cells: Cell[] = row;
      for (const column of converted) cells[column] = toCell(row[column]);
      reader.onRow(cells);
    })
    .on('error', finish)
    .on('end', () => finish());
  return finish;
}
