import { errorMessage, ToolError } from '@patchbay/server-kit';
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import type { CallOptions, Cell, Column } from '../database.ts';
import type { StopSignal } from '../stop-signal.ts';
import { stopSignal } from '../stop-signal.ts';
import { toDuckDbCell } from './duckdb-cell.ts';
import type { DuckDbInstances } from './duckdb-instance.ts';

type Rows = readonly (readonly Cell[])[];

/** How often a statement that has to stop is told so, in milliseconds: DuckDB forgets it when the statement has yet to begin. */
const INTERRUPT_EVERY_MS = 50;

/** One call's connection. Disposing stops what still runs on it. */
export class DuckDbSession implements AsyncDisposable {
  readonly #connection: DuckDBConnection;
  readonly #stop: StopSignal;
  #interrupting: NodeJS.Timeout | undefined;

  constructor(connection: DuckDBConnection, stop: StopSignal) {
    this.#connection = connection;
    this.#stop = stop;
    stop.onStop(() => {
      connection.interrupt();
      this.#interrupting = setInterval(() => connection.interrupt(), INTERRUPT_EVERY_MS);
    });
  }

  /**
   * DuckDB's own parser must take the text for one statement that reads, whatever the gate made of it.
   *
   * @throws {ToolError} `READ_ONLY`.
   */
  async assertReads(sql: string): Promise<void> {
    const { StatementType } = await import('@duckdb/node-api');
    const prepared = await this.#explained(() => this.#connection.prepare(sql));
    const type = prepared.statementType;
    prepared.destroySync();
    if (type !== StatementType.SELECT)
      throw new ToolError('READ_ONLY', 'DuckDB takes this for a statement that does not read');
  }

  async run(
    sql: string,
  ): Promise<{ readonly columns: readonly Column[]; readonly batches: AsyncIterable<Rows> }> {
    const result = await this.#explained(() => this.#connection.stream(sql));
    const types = result.columnTypes();
    const columns = result
      .columnNames()
      .map((name, index) => ({ name, type: String(types[index]).toLowerCase() }));
    return { columns, batches: this.#readBatches(result) };
  }

  async readAll(sql: string): Promise<Rows> {
    const { batches } = await this.run(sql);
    return (await Array.fromAsync(batches)).flat();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop[Symbol.dispose]();
    clearInterval(this.#interrupting);
    this.#connection.interrupt();
    this.#connection.closeSync();
  }

  async *#readBatches(result: DuckDBResult): AsyncGenerator<Rows> {
    for (;;) {
      const chunk = await this.#explained(() => result.fetchChunk());
      if (!chunk || chunk.rowCount === 0) return;
      yield chunk.getRows().map((row) => row.map(toDuckDbCell));
    }
  }

  async #explained<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      if (this.#stop.reason) throw this.#stop.reason;
      return await work();
    } catch (error) {
      if (this.#stop.reason) throw this.#stop.reason;
      const message = errorMessage(error);
      const hint = message.startsWith('Catalog Error')
        ? 'list_tables shows the tables that are there.'
        : undefined;
      throw new ToolError('SQL_ERROR', message, { hint, cause: error });
    }
  }
}

/** Opens a session, which the caller ends. */
export async function openDuckDbSession(
  instances: DuckDbInstances,
  options: CallOptions,
): Promise<DuckDbSession> {
  const stop = stopSignal({ ...options, graceMs: 0 });
  try {
    return new DuckDbSession(await instances.connect(), stop);
  } catch (error) {
    stop[Symbol.dispose]();
    throw error;
  }
}
