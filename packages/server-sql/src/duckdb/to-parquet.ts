import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column } from '../database.ts';
import { uniqueNames } from '../row-format.ts';
import { quoteName, quoteText } from '../sqlite/quote.ts';
import { loadDuckDb } from './load-duckdb.ts';
import { parquetType } from './parquet-type.ts';

/** Longest row as text, in bytes. */
const MAX_LINE_BYTES = 16_000_000;

export interface ParquetJob {
  /** Written by this server: NULL is empty, an empty text a pair of quotes. */
  readonly csv: string;
  readonly parquet: string;
  readonly columns: readonly Column[];
  readonly signal: AbortSignal;
}

/**
 * Makes a Parquet file of a CSV file. A column gets the type of the database's own where each of its values fits that,
 * else it is text: nothing is rounded or lost.
 *
 * @throws {ToolError} `CONNECTION` when DuckDB is not installed.
 */
export async function toParquet({ csv, parquet, columns, signal }: ParquetJob): Promise<void> {
  const { DuckDBInstance: Instance } = await loadDuckDb();
  const instance = await Instance.create(':memory:', { memory_limit: '512MB', threads: '2' });
  const connection = await instance.connect();
  const stop = (): void => connection.interrupt();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await connection.run(`SET allowed_paths = [${[csv, parquet].map(quoteText).join(', ')}]`);
    await connection.run('SET enable_external_access = false');
    const from = sourceSql(csv, uniqueNames(columns));
    const values = await chooseTypes(connection, from, columns);
    await connection.run(
      `COPY (SELECT ${values.join(', ')} FROM ${from}) TO ${quoteText(parquet)} (FORMAT parquet)`,
    );
  } finally {
    signal.removeEventListener('abort', stop);
    connection.closeSync();
    instance.closeSync();
  }
}

/** All columns as text, whatever they look like: `007` is no number unless the database says so. */
function sourceSql(csv: string, names: readonly string[]): string {
  const types = names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ');
  return (
    `read_csv(${quoteText(csv)}, columns = {${types}}, auto_detect = false, header = true, delim = ',', quote = '"', ` +
    `escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\\r\\n', max_line_size = ${MAX_LINE_BYTES}, ` +
    `buffer_size = ${2 * MAX_LINE_BYTES})`
  );
}

async function chooseTypes(
  connection: DuckDBConnection,
  from: string,
  columns: readonly Column[],
): Promise<readonly string[]> {
  const names = uniqueNames(columns).map(quoteName);
  const read = async (expressions: readonly string[]): Promise<readonly number[]> => {
    const reader = await connection.runAndReadAll(`SELECT ${expressions.join(', ')} FROM ${from}`);
    return (reader.getRows()[0] ?? []).map(Number);
  };
  const scales = await read(names.map((name) => `coalesce(max(length(split_part(${name}, '.', 2))), 0)`));
  const wanted = columns.map(({ type }, index) => parquetType(names[index] ?? '', type, scales[index] ?? 0));
  const misfits = await read(
    names.map(
      (name, index) => `count(${name}) FILTER (NOT coalesce(${wanted[index]?.fits ?? 'false'}, false))`,
    ),
  );
  return names.map((name, index) => {
    const value = wanted[index]?.value;
    return value === undefined || misfits[index] !== 0 ? name : `${value} AS ${name}`;
  });
}
