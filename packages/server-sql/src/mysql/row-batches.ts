import type { Cell, Column } from '../database.ts';
import { readRows } from './read-rows.ts';
import type { ServerConnection } from './server-connection.ts';

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

/** Starts one statement, whose rows are read on demand. */
export function queryBatches(connection: ServerConnection, sql: string): RowBatches {
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
      connection.driver.pause();
    }
    wake?.();
  };
  const fail = readRows(connection, sql, {
    onColumns: columns.resolve,
    onRow(row) {
      batch.push(row);
      if (batch.length === BATCH_ROWS) hand();
    },
    onEnd(error) {
      end = error ?? 'ended';
      if (error) columns.reject(error);
      else columns.resolve([]);
      hand();
    },
  });

  async function* read(): AsyncGenerator<Rows> {
    for (;;) {
      const next = waiting.shift();
      if (next) {
        if (isPaused && waiting.length < MAX_WAITING) {
          isPaused = false;
          connection.driver.resume();
        }
        yield next;
      } else if (end === 'open') {
        await new Promise<void>((resolve) => (wake = resolve));
      } else if (end === 'ended') return;
      else throw end;
    }
  }

  return { columns: columns.promise, batches: read(), fail };
}
