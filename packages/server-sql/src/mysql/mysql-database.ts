import { ToolError } from '@patchbay/server-kit';
import { escape } from 'mysql2';
import type {
  CallOptions,
  Database,
  EngineInfo,
  RowStream,
  StatementOptions,
  TableDescription,
  TableName,
  Written,
} from '../database.ts';
import type { Notation } from '../gate/parameters.ts';
import { bindParameters } from '../gate/parameters.ts';
import { assertExplainable, assertReadOnly } from '../gate/read-only.ts';
import { assertWrites } from '../gate/write.ts';
import { planText } from '../plan-text.ts';
import { assertAllowedDatabases } from './allowed-databases.ts';
import type { MySqlLogin } from './login.ts';
import {
  columnsSql,
  foreignKeysSql,
  quoteTable,
  TABLES_SQL,
  toColumnInfo,
  toForeignKey,
  toTable,
} from './mysql-catalog.ts';
import { MySqlServer } from './mysql-server.ts';
import type { MySqlSession } from './mysql-session.ts';
import { executeOnce, openSession, withSession } from './mysql-session.ts';
import type { ServerFacts } from './server-facts.ts';

const NOTATION: Notation = { dialect: 'mysql', quote: (text) => escape(text) };

export interface MySqlDatabaseOptions {
  /** Whether the database has `execute`. Default: no. */
  readonly allowWrite?: boolean;
  /** Told once when an account that should only read may write. */
  readonly onWarning?: (message: string) => void;
  /** Opens a connection ahead of the first call, ready for queries with these limits. Default: none. */
  readonly warmUp?: { readonly timeoutMs: number; readonly maxRows: number };
}

/** A MySQL or MariaDB server. It may be away: a call says so. */
export function openMySqlDatabase(login: MySqlLogin, settings: MySqlDatabaseOptions = {}): Database {
  const { allowWrite = false, onWarning, warmUp } = settings;
  const server = new MySqlServer(login, { onWarning: allowWrite ? undefined : onWarning, allowWrite });
  if (warmUp) server.warmUp({ ...warmUp, maxRows: rowsToFetch(warmUp.maxRows) });
  return {
    get engine() {
      return toEngine(server.facts);
    },
    defaultDatabase: login.database,
    quote: quoteTable,
    async query(text, options) {
      const sql = bindParameters(text, options.params, NOTATION);
      assertReadOnly(sql, 'mysql');
      const maxRows = rowsToFetch(options.limits.maxRows);
      return withSession(server, { ...options, maxRows }, async (session) => {
        if (login.databases) await assertAllowedDatabases(session, sql, login.databases);
        return session.collect(sql, options.limits);
      });
    },
    async explain(sql, options) {
      assertExplainable(sql, 'mysql');
      return withSession(server, { ...options, maxRows: 'all' }, async (session) => {
        if (login.databases) await assertAllowedDatabases(session, sql, login.databases);
        return explain(session, sql, server.facts);
      });
    },
    execute: allowWrite ? (sql, options) => execute(server, sql, options) : undefined,
    async listTables(options) {
      const rows = await withSession(server, { ...options, maxRows: 'any' }, (session) =>
        session.readAll(TABLES_SQL),
      );
      return rows.map(toTable).filter(({ database }) => login.databases?.includes(database) ?? true);
    },
    describeTable: (table, options) =>
      withSession(server, { ...options, maxRows: 'any' }, (session) => describe(session, table)),
    async streamRows(sql, options) {
      assertReadOnly(sql, 'mysql');
      return openStream(server, sql, options);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function toEngine(facts: ServerFacts | undefined): EngineInfo {
  const name = facts?.name ?? 'MySQL';
  return { name, version: facts?.version, dialect: facts ? name : 'MySQL or MariaDB', isSample: false };
}

/** MySQL draws a tree; MariaDB has tables alone. */
async function explain(session: MySqlSession, sql: string, facts: ServerFacts | undefined): Promise<string> {
  const format = facts?.name === 'MySQL' ? 'FORMAT=TREE ' : '';
  const { columns, batches } = await session.run(`EXPLAIN ${format}${sql}`);
  return planText(columns, (await Array.fromAsync(batches)).flat());
}

async function execute(server: MySqlServer, text: string, options: StatementOptions): Promise<Written> {
  const sql = bindParameters(text, options.params, NOTATION);
  assertWrites(sql, 'mysql');
  const { databases } = server.login;
  if (databases) {
    await withSession(server, { ...options, maxRows: 'all' }, (session) =>
      assertAllowedDatabases(session, sql, databases),
    );
  }
  return executeOnce(server, sql, options);
}

async function describe(session: MySqlSession, table: TableName): Promise<TableDescription> {
  const columns = await session.readAll(columnsSql(table));
  const keys = await session.readAll(foreignKeysSql(table));
  return {
    columns: columns.map(toColumnInfo),
    foreignKeys: keys.map(toForeignKey),
    createSql: await readCreateSql(session, `SHOW CREATE TABLE ${quoteTable(table)}`),
  };
}

/** Telling how a view is made takes a right of its own; a table can be described without. */
async function readCreateSql(session: MySqlSession, sql: string): Promise<string | null> {
  try {
    const [row = []] = await session.readAll(sql);
    return typeof row[1] === 'string' ? row[1] : null;
  } catch (error) {
    if (error instanceof ToolError && error.code === 'SQL_ERROR') return null;
    throw error;
  }
}

/** One row more than is wanted tells whether there are more. */
function rowsToFetch(maxRows: number): number {
  return maxRows + 1;
}

async function openStream(server: MySqlServer, sql: string, options: CallOptions): Promise<RowStream> {
  const session = await openSession(server, { ...options, maxRows: 'all' });
  const { databases } = server.login;
  try {
    if (databases) await assertAllowedDatabases(session, sql, databases);
    const { columns, batches } = await session.run(sql);
    return { columns, batches, [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() };
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}
