import type { FieldPacket, PoolConnection } from 'mysql2';
import { toCell } from '../cell.ts';
import type { Cell, Column } from '../database.ts';
import { toColumn } from './column-types.ts';
import { ConnectionLostError } from './mysql-errors.ts';

type Rows = readonly (readonly Cell[])[];

/** Rows that are handed on at a time: few, so that they are garbage again before it is collected. */
const BATCH_ROWS = 100;
/** Batches that wait for their reader before the server is told to wait. */
const MAX_WAITING = 2;

/** The rows of one statement while they arrive. */
export interface RowBatches {
  /** Come ahead of the first row, and of the end when there is none. */
  readonly columns: Promise<readonly Column[]>;
  /** Read once. A reader that takes its time holds the server up, not this process's memory. */
  readonly batches: AsyncIterable<Rows>;
  /** Gives the reader `error`, at once. */
  readonly fail: (error: Error) => void;
}

/** Starts one statement. The driver's own stream costs an event and a turn of the loop for each row. */
export function queryBatches(connection: PoolConnection, sql: string): RowBatches {
  const columns = Promise.withResolvers<readonly Column[]>();
  // Whoever reads the rows is told as well.
  columns.promise.catch(() => undefined);
  const waiting: Rows[] = [];
  let batch: (readonly Cell[])[] = [];
  let end: 'open' | 'ended' | Error = 'open';
  let isPaused = false;
  let wake: (() => void) | undefined;

  const hand = (): void => {
    if (batch.length > 0) waiting.push(batch);
    batch = [];
    if (waiting.length >= MAX_WAITING && !isPaused) {
      isPaused = true;
      connection.pause();
    }
    wake?.();
  };
  const finish = (outcome: 'ended' | Error): void => {
    if (end !== 'open') return;
    end = outcome;
    connection.off('error', finish).off('end', onLost);
    if (outcome === 'ended') columns.resolve([]);
    else columns.reject(outcome);
    hand();
  };
  const onLost = (): void => finish(new ConnectionLostError('The connection was closed'));

  // The driver tells a lost connection to the connection's listeners alone.
  connection.once('error', finish).once('end', onLost);
  connection
    .query(sql)
    .on('fields', (fields: readonly FieldPacket[] | undefined) =>
      columns.resolve((fields ?? []).map(toColumn)),
    )
    .on('result', (row: unknown) => {
      if (!Array.isArray(row)) return;
      // In place: a second array for each row is half of an export's garbage.
      const cells: Cell[] = row;
      for (let column = 0; column < cells.length; column += 1) cells[column] = toCell(row[column]);
      batch.push(cells);
      if (batch.length === BATCH_ROWS) hand();
    })
    .on('error', finish)
    .on('end', () => finish('ended'));

  async function* read(): AsyncGenerator<Rows> {
    for (;;) {
      const next = waiting.shift();
      if (next) {
        if (isPaused && waiting.length < MAX_WAITING) {
          isPaused = false;
          connection.resume();
        }
        yield next;
      } else if (end === 'open') {
        await new Promise<void>((resolve) => (wake = resolve));
      } else if (end === 'ended') return;
      else throw end;
    }
  }

  return { columns: columns.promise, batches: read(), fail: finish };
}
