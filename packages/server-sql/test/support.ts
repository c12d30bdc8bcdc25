import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { ServerProcess } from '@patchbay/testing';
import { startServerProcess } from '@patchbay/testing';
import { inject } from 'vitest';
import type { QueryOptions } from '../src/database.ts';
import type { MySqlLogin } from '../src/mysql/login.ts';
import { SAMPLE_DATABASES, sampleSql, sampleTables } from '../src/sample/sample-sql.ts';

export const main: URL = new URL('../src/main.ts', import.meta.url);

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

export async function makeFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'patchbay-sql-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export type MySqlKind = 'mariadb' | 'mysql';
export type EngineKind = 'sqlite' | 'duckdb' | MySqlKind;

/** The servers that speak MySQL's protocol and can be had on this machine. All test files share them. */
export const MYSQL_SERVERS: readonly MySqlKind[] =
  inject('mySqlUrl') === '' ? ['mariadb'] : ['mariadb', 'mysql'];
export const ENGINES: readonly EngineKind[] = ['sqlite', 'duckdb', ...MYSQL_SERVERS];

/** `mysql://user:password@host:port`, without a database. */
export function urlOf(kind: MySqlKind): string {
  return inject(kind === 'mariadb' ? 'mariaDbUrl' : 'mySqlUrl');
}

/** The administrator's login, with what differs. */
export function loginOf(kind: MySqlKind, other: Partial<MySqlLogin> = {}): MySqlLogin {
  const { hostname: host, port, username: user, password } = new URL(urlOf(kind));
  return { host, port: Number(port), user, password, database: undefined, ssl: undefined, ...other };
}

/** Bounds that no test of something else meets. */
export const QUERY_OPTIONS: QueryOptions = {
  limits: { maxRows: 100, maxBytes: 100_000, maxCellChars: 1000 },
  timeoutMs: 5000,
  signal: new AbortController().signal,
};

export interface EngineUnderTest extends AsyncDisposable {
  readonly server: ServerProcess;
  /** Folder that exports go to. */
  readonly workspace: string;
}

/** The server as a user starts it, over the sample data in one of the engines. */
export async function startEngine(kind: EngineKind, args: readonly string[] = []): Promise<EngineUnderTest> {
  const folder = await makeFolder();
  const workspace = join(folder.path, 'workspace');
  const server = await startServerProcess({
    main,
    args: ['--workspace', workspace, ...args],
    env: await environmentOf(kind, folder.path),
  });
  return {
    server,
    workspace,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function environmentOf(kind: EngineKind, folder: string): Promise<Record<string, string>> {
  if (kind === 'sqlite') return {};
  if (kind !== 'duckdb') return { MYSQL_URL: `${urlOf(kind)}/school` };
  const path = join(folder, 'sample.duckdb');
  const tables = sampleTables().flatMap((table) => [`USE ${table.database}`, ...sampleSql(table, 'mysql')]);
  await runInDuckDb(path, [...SAMPLE_DATABASES.map((name) => `CREATE SCHEMA ${name}`), ...tables]);
  return { DUCKDB_FILE: path };
}

/** Runs statements on a DuckDB file, which is made when it is missing. */
export async function runInDuckDb(path: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const sql of statements) await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}
