import { InMemoryServerEventBus } from '@modelcontextprotocol/server';
import { log, openWorkspace, serve } from '@patchbay/server-kit';
import * as z from 'zod';
import manifest from '../package.json' with { type: 'json' };
import type { Database } from './database.ts';
import { createServer } from './server.ts';
import type { DatabaseChoice } from './settings.ts';
import { chooseDatabase } from './settings.ts';

const text = z.string().optional();
const count = (fallback: number, max: number) => z.coerce.number().int().min(1).max(max).default(fallback);

const settingSpecs = {
  mysqlUrl: {
    flag: 'url',
    env: 'MYSQL_URL',
    schema: text,
    isSecret: true,
    description: 'mysql://user:password@host:port/database',
  },
  mysqlHost: { flag: 'mysql-host', env: 'MYSQL_HOST', schema: text, description: 'MySQL or MariaDB server' },
  mysqlPort: {
    flag: 'mysql-port',
    env: 'MYSQL_PORT',
    schema: z.coerce.number().int().min(1).max(65_535).default(3306),
    description: 'its port',
  },
  mysqlUser: { flag: 'mysql-user', env: 'MYSQL_USER', schema: text, description: 'who logs in' },
  mysqlPassword: {
    flag: 'mysql-password',
    env: 'MYSQL_PASSWORD',
    schema: text,
    isSecret: true,
    description: 'better given by the variable: other users can see a command line',
  },
  mysqlDatabase: {
    flag: 'mysql-database',
    env: 'MYSQL_DATABASE',
    schema: text,
    description: 'default database',
  },
  mysqlDatabases: {
    flag: 'mysql-databases',
    env: 'MYSQL_DATABASES',
    schema: text,
    description: 'a,b: no other database is read; the first is the default',
  },
  sslMode: {
    flag: 'ssl-mode',
    env: 'MYSQL_SSL_MODE',
    schema: text,
    description: 'disabled, required, verify-ca or verify',
  },
  sslCa: {
    flag: 'ssl-ca',
    env: 'MYSQL_SSL_CA',
    schema: text,
    description: "file with the authority's certificate; checks the server's",
  },
  sqlite: { flag: 'sqlite', env: 'SQLITE_FILE', schema: text, description: 'SQLite file to read' },
  duckdb: { flag: 'duckdb', env: 'DUCKDB_FILE', schema: text, description: 'DuckDB file to read' },
  engine: {
    flag: 'engine',
    env: 'SQL_ENGINE',
    schema: z.enum(['mysql', 'sqlite', 'duckdb']).optional(),
    description: 'mysql, sqlite or duckdb; the latter without a file reads the files of the workspace',
  },
  maxRows: {
    flag: 'max-rows',
    env: 'SQL_MAX_ROWS',
    schema: count(1000, 10_000),
    description: 'most rows in an answer',
  },
  maxResultBytes: {
    flag: 'max-result-bytes',
    env: 'SQL_MAX_RESULT_BYTES',
    schema: count(200_000, 10_000_000),
    description: 'most bytes of rows in an answer',
  },
  maxCellChars: {
    flag: 'max-cell-chars',
    env: 'SQL_MAX_CELL_CHARS',
    schema: count(2000, 100_000),
    description: 'longest text in one cell of an answer',
  },
  timeoutMs: {
    flag: 'timeout-ms',
    env: 'SQL_TIMEOUT_MS',
    schema: count(15_000, 120_000),
    description: 'longest time for a statement, in milliseconds',
  },
  exportMaxRows: {
    flag: 'export-max-rows',
    env: 'SQL_EXPORT_MAX_ROWS',
    schema: count(1_000_000, 100_000_000),
    description: 'most rows in an exported file',
  },
  escapeFormulas: {
    flag: 'csv-escape-formulas',
    env: 'SQL_CSV_ESCAPE_FORMULAS',
    schema: z.stringbool().default(false),
    isSwitch: true,
    description: "put ' before texts in CSV files that a spreadsheet would run as a formula",
  },
  allowWrite: {
    flag: 'allow-write',
    env: 'SQL_ALLOW_WRITE',
    schema: z.stringbool().default(false),
    isSwitch: true,
    description: 'offer the tool execute, which changes rows and tables',
  },
  workspace: {
    flag: 'workspace',
    env: 'PATCHBAY_WORKSPACE',
    schema: z.string().default('patchbay-workspace'),
    description: 'folder for exported files',
  },
} as const;

await serve({
  manifest,
  settings: settingSpecs,
  check: { tool: 'list_tables' },
  async open(settings) {
    const choice = chooseDatabase(settings, process.cwd());
    const { allowWrite } = settings;
    const database = await open(choice, settings);
    if (allowWrite && !database.execute) {
      log.warn(
        `${database.engine.isSample ? 'the sample data' : 'DuckDB'} cannot be written: --allow-write has no effect`,
      );
    }
    const changes = new InMemoryServerEventBus();
    const context = {
      database,
      limits: settings,
      openWorkspace: () => openWorkspace(settings.workspace),
      onExport: () => changes.publish({ kind: 'resources_list_changed' }),
    };
    return {
      createServer: () => createServer(context),
      changes,
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    };
  },
});

interface OpenSettings {
  readonly allowWrite: boolean;
  readonly workspace: string;
  readonly timeoutMs: number;
  readonly maxRows: number;
}

/** Loads the one engine that is needed: the driver of MySQL alone takes longer to load than all the rest. */
async function open(
  choice: DatabaseChoice,
  { allowWrite, workspace, timeoutMs, maxRows }: OpenSettings,
): Promise<Database> {
  switch (choice.kind) {
    case 'mysql': {
      const { openMySqlDatabase } = await import('./mysql/mysql-database.ts');
      return openMySqlDatabase(choice.login, {
        allowWrite,
        onWarning: log.warn,
        warmUp: { timeoutMs, maxRows },
      });
    }
    case 'sqlite': {
      const { openSqliteDatabase } = await import('./sqlite/sqlite-database.ts');
      return openSqliteDatabase(choice.source, { allowWrite });
    }
    case 'duckdb': {
      const { openDuckDbDatabase } = await import('./duckdb/duckdb-database.ts');
      const openFolder = async (): Promise<string> => (await openWorkspace(workspace)).root;
      return openDuckDbDatabase(
        choice.source.kind === 'file' ? choice.source : { kind: 'folder', openFolder },
      );
    }
    default:
      return choice satisfies never;
  }
}
