import { errorMessage, ToolError } from '@patchbay/server-kit';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { quoteName, quoteText } from '../sqlite/quote.ts';
import type { FolderTable } from './folder-tables.ts';
import { folderTables } from './folder-tables.ts';
import type { DuckDbLibrary } from './load-duckdb.ts';
import { loadDuckDb } from './load-duckdb.ts';
import type { DuckDbSource } from './source.ts';

/** No file but those named is read afterwards, nothing is fetched, nothing spills to disk. */
const CONFIG = {
  memory_limit: '512MB',
  temp_directory: '',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
};

/** The open database. A folder is opened anew when its files are others. */
export class DuckDbInstances implements AsyncDisposable {
  readonly #source: DuckDbSource;
  #open: { readonly key: string; readonly instance: Promise<DuckDBInstance> } | undefined;
  #version: string | undefined;

  constructor(source: DuckDbSource) {
    this.#source = source;
  }

  /** DuckDB's own version; undefined before the first connection. */
  get version(): string | undefined {
    return this.#version;
  }

  /**
   * A connection for one call, which closes it.
   *
   * @throws {ToolError} `CONNECTION` when DuckDB is not installed or the file cannot be opened.
   */
  async connect(): Promise<DuckDBConnection> {
    const library = await loadDuckDb();
    this.#version ??= library.version().replace(/^v/, '');
    try {
      return await (await this.#instance(library)).connect();
    } catch (error) {
      this.#open = undefined;
      throw new ToolError('CONNECTION', `DuckDB: ${errorMessage(error)}`, {
        hint: 'Is the file there, a DuckDB database, and not open for writing in another program?',
        cause: error,
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.instance.then(
      (instance) => instance.closeSync(),
      () => undefined,
    );
  }

  async #instance({ DuckDBInstance: Instance }: DuckDbLibrary): Promise<DuckDBInstance> {
    const source = this.#source;
    if (source.kind === 'file') {
      this.#open ??= { key: source.path, instance: openFile(Instance, source.path) };
      return this.#open.instance;
    }
    const tables = await folderTables(await source.openFolder());
    const key = JSON.stringify(tables);
    if (this.#open?.key !== key) this.#open = { key, instance: openTables(Instance, tables) };
    return this.#open.instance;
  }
}

async function openFile(Instance: typeof DuckDBInstance, path: string): Promise<DuckDBInstance> {
  const instance = await Instance.create(path, { ...CONFIG, access_mode: 'READ_ONLY' });
  await lock(instance, []);
  return instance;
}

async function openTables(
  Instance: typeof DuckDBInstance,
  tables: readonly FolderTable[],
): Promise<DuckDBInstance> {
  const instance = await Instance.create(':memory:', CONFIG);
  const connection = await instance.connect();
  try {
    for (const { name, path, reader } of tables) {
      const view = `CREATE VIEW ${quoteName(name)} AS SELECT * FROM ${reader}(${quoteText(path)})`;
      // A file that is no CSV or Parquet, whatever its name says, is no table. The others are.
      await connection.run(view).catch(() => undefined);
    }
  } finally {
    connection.closeSync();
  }
  await lock(
    instance,
    tables.map(({ path }) => path),
  );
  return instance;
}

async function lock(instance: DuckDBInstance, paths: readonly string[]): Promise<void> {
  const connection = await instance.connect();
  try {
    await connection.run(`SET allowed_paths = [${paths.map(quoteText).join(', ')}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
  } finally {
    connection.closeSync();
  }
}
