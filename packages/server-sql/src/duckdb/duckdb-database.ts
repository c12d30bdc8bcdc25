import { ToolError } from '@patchbay/server-kit';
import type {
  CallOptions,
  Database,
  QueryResult,
  RowStream,
  TableDescription,
  TableName,
} from '../database.ts';
import type { Notation } from '../gate/parameters.ts';
import { bindParameters } from '../gate/parameters.ts';
import { assertExplainable, assertReadOnly } from '../gate/read-only.ts';
import { tokenize } from '../gate/tokenize.ts';
import { collectRows } from '../result-rows.ts';
import { describeSql, quoteTable, TABLES_SQL, toColumn, toForeignKey, toTable } from './duckdb-catalog.ts';
import { DuckDbInstances } from './duckdb-instance.ts';
import type { DuckDbSession } from './duckdb-session.ts';
import { openDuckDbSession } from './duckdb-session.ts';
import type { DuckDbSource } from './source.ts';
import { quoteText } from '../sqlite/quote.ts';

const NOTATION: Notation = { dialect: 'duckdb', quote: quoteText };

/** DuckDB inside this process: a file of its own, or the files of a folder. Nothing can be written. */
export function openDuckDbDatabase(source: DuckDbSource): Database {
  const instances = new DuckDbInstances(source);

  const withSession = async <Result>(
    options: CallOptions,
    work: (session: DuckDbSession) => Promise<Result>,
  ): Promise<Result> => {
    const session = await openDuckDbSession(instances, options);
    try {
      return await work(session);
    } finally {
      await session[Symbol.asyncDispose]();
    }
  };

  return {
    get engine() {
      const dialect = "DuckDB, close to PostgreSQL's; names in double quotes";
      return { name: 'DuckDB', version: instances.version, dialect, isSample: false };
    },
    defaultDatabase: 'main',
    quote: quoteTable,
    async query(text, options) {
      const sql = bindParameters(text, options.params, NOTATION);
      assertReadOnly(sql, 'duckdb');
      return withSession(options, async (session): Promise<QueryResult> => {
        const collected = collectRows(options.limits);
        const { columns, batches } = await session.run(await checked(session, sql));
        for await (const batch of batches) {
          if (!batch.every((row) => collected.add(row))) break;
        }
        return collected.finish(columns);
      });
    },
    async explain(sql, options) {
      assertExplainable(sql, 'duckdb');
      return withSession(options, async (session) => {
        await session.assertReads(sql);
        const rows = await session.readAll(`EXPLAIN ${sql}`);
        return rows.map(([, plan]) => String(plan)).join('\n');
      });
    },
    listTables: (options) =>
      withSession(options, async (session) => (await session.readAll(TABLES_SQL)).map(toTable)),
    describeTable: (table, options) => withSession(options, (session) => describe(session, table)),
    async streamRows(sql, options): Promise<RowStream> {
      assertReadOnly(sql, 'duckdb');
      const session = await openDuckDbSession(instances, options);
      try {
        const { columns, batches } = await session.run(await checked(session, sql));
        return { columns, batches, [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() };
      } catch (error) {
        await session[Symbol.asyncDispose]();
        throw error;
      }
    },
    [Symbol.asyncDispose]: () => instances[Symbol.asyncDispose](),
  };
}

/** EXPLAIN may run what it explains: what stands behind the word has to be a statement that reads by itself. */
async function checked(session: DuckDbSession, sql: string): Promise<string> {
  const [first, second] = tokenize(sql, 'duckdb');
  if (first?.value !== 'EXPLAIN') {
    await session.assertReads(sql);
    return sql;
  }
  if (second?.value === 'ANALYZE' || second?.value === '(') {
    throw new ToolError('READ_ONLY', 'EXPLAIN takes no options here: with ANALYZE it runs the statement', {
      hint: 'Use the tool explain, or EXPLAIN with the SELECT right behind it.',
    });
  }
  const explained = sql.slice(second?.start ?? sql.length);
  await session.assertReads(explained);
  return `EXPLAIN ${explained}`;
}

async function describe(session: DuckDbSession, table: TableName): Promise<TableDescription> {
  const [columnsSql, keysSql, madeSql] = describeSql(table);
  const columns = await session.readAll(columnsSql);
  const keys = await session.readAll(keysSql);
  const [made = []] = await session.readAll(madeSql);
  return {
    columns: columns.map((row) => toColumn(row, keys)),
    foreignKeys: keys.filter(([kind]) => kind === 'FOREIGN KEY').map(toForeignKey),
    createSql: typeof made[0] === 'string' ? made[0] : null,
  };
}
