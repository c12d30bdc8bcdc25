import { basename, extname, resolve } from 'node:path';
import { SettingsError } from '@patchbay/server-kit';
import type { DuckDbChoice } from './duckdb/source.ts';
import type { MySqlLogin } from './mysql/login.ts';
import type { TlsSettings } from './mysql/tls.ts';
import { readTls } from './mysql/tls.ts';
import type { SqliteSource } from './sqlite/protocol.ts';

/** The settings that say which database to open. */
export interface DatabaseSettings {
  /** Settings of the other engines count as not set. */
  readonly engine?: 'mysql' | 'sqlite' | 'duckdb' | undefined;
  readonly mysqlUrl?: string | undefined;
  readonly mysqlHost?: string | undefined;
  readonly mysqlPort: number;
  readonly mysqlUser?: string | undefined;
  readonly mysqlPassword?: string | undefined;
  readonly mysqlDatabase?: string | undefined;
  /** Names with commas between: no other database is read. */
  readonly mysqlDatabases?: string | undefined;
  readonly sslMode?: string | undefined;
  readonly sslCa?: string | undefined;
  readonly sqlite?: string | undefined;
  readonly duckdb?: string | undefined;
}

/** Which database the settings name. */
export type DatabaseChoice =
  | { readonly kind: 'mysql'; readonly login: MySqlLogin }
  | { readonly kind: 'sqlite'; readonly source: SqliteSource }
  | { readonly kind: 'duckdb'; readonly source: DuckDbChoice };

/**
 * A MySQL server when any of its settings but port and password is there, else a file of DuckDB or SQLite, else sample
 * data. DuckDB without a file reads those of the workspace.
 *
 * @throws {SettingsError} when two databases are named or the URL cannot be used. The message never shows the URL,
 * which holds a password.
 */
export function chooseDatabase(settings: DatabaseSettings, folder: string): DatabaseChoice {
  switch (settings.engine) {
    case undefined:
      return chooseBySettings(settings, folder);
    case 'mysql': {
      const { mysqlUrl, mysqlHost } = settings;
      const host = mysqlUrl === undefined ? (mysqlHost ?? '127.0.0.1') : mysqlHost;
      return chooseBySettings({ ...settings, mysqlHost: host, sqlite: undefined, duckdb: undefined }, folder);
    }
    case 'sqlite':
      return chooseBySettings({ mysqlPort: settings.mysqlPort, sqlite: settings.sqlite }, folder);
    case 'duckdb':
      return { kind: 'duckdb', source: toDuckDb(settings.duckdb, folder) };
    default:
      return settings.engine satisfies never;
  }
}

function chooseBySettings(settings: DatabaseSettings, folder: string): DatabaseChoice {
  const { mysqlUrl: url, sqlite } = settings;
  const named = [
    url,
    settings.mysqlHost,
    settings.mysqlUser,
    settings.mysqlDatabase,
    settings.mysqlDatabases,
  ];
  const isServer = named.some((value) => value !== undefined);
  if (isServer && sqlite !== undefined) {
    throw new SettingsError('Both a MySQL server and an SQLite file are set: unset MYSQL_* or SQLITE_FILE');
  }
  if (settings.duckdb !== undefined) {
    if (!isServer && sqlite === undefined)
      return { kind: 'duckdb', source: toDuckDb(settings.duckdb, folder) };
    throw new SettingsError('A DuckDB file and another database are set: choose one with --engine');
  }
  if (sqlite !== undefined) return { kind: 'sqlite', source: toSource(resolve(folder, sqlite)) };
  if (!isServer) return { kind: 'sqlite', source: { kind: 'sample' } };
  const login = url === undefined ? fromParts(settings, folder) : parseUrl(url, settings, folder);
  return { kind: 'mysql', login: withDatabases(login, settings.mysqlDatabases) };
}

function fromParts(settings: DatabaseSettings, folder: string): MySqlLogin {
  return {
    host: settings.mysqlHost ?? '127.0.0.1',
    port: settings.mysqlPort,
    user: settings.mysqlUser ?? 'root',
    password: settings.mysqlPassword ?? '',
    database: settings.mysqlDatabase,
    ssl: readTls({ mode: settings.sslMode, caFile: settings.sslCa }, folder),
  };
}

function withDatabases(login: MySqlLogin, list: string | undefined): MySqlLogin {
  const databases = list?.split(',').flatMap((name) => name.trim() || []);
  if (!databases) return login;
  const { database = databases[0] } = login;
  if (database !== undefined && databases.includes(database)) return { ...login, database, databases };
  throw new SettingsError(`MYSQL_DATABASES: the default database "${database ?? ''}" is not among them`);
}

function toDuckDb(file: string | undefined, folder: string): DuckDbChoice {
  return file === undefined ? { kind: 'workspace' } : { kind: 'file', path: resolve(folder, file) };
}

/** The file's database is named after it: `sales.2025.db` becomes `sales_2025`. */
function toSource(path: string): SqliteSource {
  const name = basename(path, extname(path)).replaceAll(/\W/g, '_') || 'file';
  const isTaken = ['main', 'temp', 'information_schema'].includes(name.toLowerCase());
  return { kind: 'file', path, schema: isTaken ? `${name}_file` : name };
}

function parseUrl(address: string, settings: DatabaseSettings, folder: string): MySqlLogin {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !['mysql:', 'mariadb:'].includes(url.protocol) || url.hostname === '') {
    throw new SettingsError(
      'MYSQL_URL: expected mysql://user:password@host:port/database (special characters as %XX)',
    );
  }
  return {
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    port: url.port === '' ? 3306 : Number(url.port),
    user: decode(url.username) || 'root',
    password: decode(url.password),
    database: decode(url.pathname.slice(1)) || undefined,
    ssl: readTls(tlsOf(url, settings), folder),
  };
}

const MODE_PARAMETERS = new Set(['ssl', 'sslmode', 'ssl-mode']);
const CA_PARAMETERS = new Set(['sslca', 'ssl-ca']);

/** What the URL says of encryption counts more than the settings beside it. */
function tlsOf({ searchParams }: URL, { sslMode, sslCa }: DatabaseSettings): TlsSettings {
  let tls: TlsSettings = { mode: sslMode, caFile: sslCa };
  for (const [name, value] of searchParams) {
    if (MODE_PARAMETERS.has(name)) tls = { ...tls, mode: value };
    else if (CA_PARAMETERS.has(name)) tls = { ...tls, caFile: value };
    else throw new SettingsError(`MYSQL_URL: unknown parameter "${name}"; there are sslmode and ssl-ca`);
  }
  return tls;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    throw new SettingsError('MYSQL_URL: a % in the user, password or database must be written %25', {
      cause: error,
    });
  }
}
