import type {
  CallOptions,
  Cell,
  Database,
  QueryOptions,
  QueryResult,
  RowStream,
  StatementOptions,
  Written,
} from '../database.ts';
import { timedOut } from '../errors.ts';
import type { Notation } from '../gate/parameters.ts';
import { bindParameters } from '../gate/parameters.ts';
import { assertExplainable, assertReadOnly } from '../gate/read-only.ts';
import { assertWrites } from '../gate/write.ts';
import { SAMPLE_DATABASES } from '../sample/sample-sql.ts';
import {
  countsSql,
  describeSql,
  quoteTable,
  readDescription,
  readTables,
  TABLES_SQL,
  withCounts,
} from './catalog.ts';
import { qualifyCreated } from './created-name.ts';
import { planTree } from './plan-tree.ts';
import type { SqliteFile, SqliteReply, SqliteRequest, SqliteSource } from './protocol.ts';
import { SqliteProcess } from './sqlite-process.ts';
import { translate } from './translate.ts';
import { quoteText } from './quote.ts';

const NOTATION: Notation = { dialect: 'sqlite', quote: quoteText };

type Rows = readonly (readonly Cell[])[];

/** Rows that an export reads at a time. */
const BATCH_ROWS = 500;
/** The catalog is read whole: what a model gets of it is limited later. */
const WHOLE = { maxRows: 100_000, maxBytes: 50_000_000, maxCellChars: 1_000_000 };

export interface SqliteDatabaseOptions {
  /** Whether the database has `execute`; the sample data never has. Default: no. */
  readonly allowWrite?: boolean;
}

/**
 * SQLite beside this process: a file, or the sample data in memory. What reads uses a connection to which nothing can
 * be written.
 */
export function openSqliteDatabase(source: SqliteSource, settings: SqliteDatabaseOptions = {}): Database {
  const schemas = source.kind === 'sample' ? SAMPLE_DATABASES : [source.schema];
  const main = new SqliteProcess({ source, access: 'read' });

  // Written here, so that it needs no gate.
  const read = async (sql: string, options: CallOptions): Promise<Rows> =>
    (await runQuery(main, sql, { ...options, limits: WHOLE })).rows;

  return {
    engine: {
      name: 'SQLite',
      version: process.versions['sqlite'],
      dialect:
        'SQLite, with the common MySQL functions, SHOW and DESCRIBE; whole numbers divide to whole numbers',
      isSample: source.kind === 'sample',
    },
    defaultDatabase: undefined,
    quote: quoteTable,
    async query(text, options) {
      const sql = bindParameters(text, options.params, NOTATION);
      assertReadOnly(sql, 'sqlite');
      return runQuery(main, translate(sql, schemas), options);
    },
    async explain(sql, options) {
      assertExplainable(sql, 'sqlite');
      return planTree(await read(translate(`EXPLAIN ${sql}`, schemas), options));
    },
    execute:
      settings.allowWrite === true && source.kind === 'file'
        ? (sql, options) => execute(source, sql, options)
        : undefined,
    async listTables(options) {
      const tables = readTables(await read(TABLES_SQL, options));
      return withCounts(tables, await read(countsSql(tables), options));
    },
    async describeTable(table, options) {
      const [columns, keys, made] = describeSql(table);
      return readDescription(
        await read(columns, options),
        await read(keys, options),
        await read(made, options),
      );
    },
    async streamRows(sql, options) {
      assertReadOnly(sql, 'sqlite');
      // A process of its own: a statement of another call that has to be killed must not take the export along.
      return openStream(new SqliteProcess({ source, access: 'read' }), translate(sql, schemas), options);
    },
    async [Symbol.asyncDispose]() {
      main[Symbol.dispose]();
    },
  };
}

async function runQuery(child: SqliteProcess, sql: string, options: QueryOptions): Promise<QueryResult> {
  const { limits } = options;
  const reply = await child.ask({ kind: 'query', sql, limits }, options);
  if (reply.kind !== 'result') throw unexpected(reply);
  return reply.result;
}

/** In a process of its own, whose connection alone can write. */
async function execute(source: SqliteFile, text: string, options: StatementOptions): Promise<Written> {
  const sql = bindParameters(text, options.params, NOTATION);
  assertWrites(sql, 'sqlite');
  const statement = qualifyCreated(translate(sql, [source.schema]), source.schema);
  using child = new SqliteProcess({ source, access: 'write' });
  const reply = await child.ask({ kind: 'execute', sql: statement }, options);
  if (reply.kind !== 'written') throw unexpected(reply);
  return reply.written;
}

async function openStream(child: SqliteProcess, sql: string, options: CallOptions): Promise<RowStream> {
  const deadline = performance.now() + options.timeoutMs;
  const ask = async (request: SqliteRequest): Promise<SqliteReply> => {
    const timeoutMs = deadline - performance.now();
    if (timeoutMs <= 0) throw timedOut(options.timeoutMs);
    return child.ask(request, { ...options, timeoutMs });
  };
  try {
    const opened = await ask({ kind: 'open-rows', sql });
    if (opened.kind !== 'columns') throw unexpected(opened);
    return {
      columns: opened.columns,
      batches: readBatches(ask),
      [Symbol.asyncDispose]: async () => child[Symbol.dispose](),
    };
  } catch (error) {
    child[Symbol.dispose]();
    throw error;
  }
}

async function* readBatches(ask: (request: SqliteRequest) => Promise<SqliteReply>): AsyncGenerator<Rows> {
  for (;;) {
    const reply = await ask({ kind: 'next-rows', count: BATCH_ROWS });
    if (reply.kind !== 'rows') throw unexpected(reply);
    yield reply.rows;
    if (reply.isLast) return;
  }
}

function unexpected(reply: SqliteReply): Error {
  return new Error(`The SQLite process answered "${reply.kind}" to another question`);
}
