import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { AptPackage } from './apt-packages.ts';
import { findProgram, unpackPackage } from './apt-packages.ts';
import type { DatabaseProgram, Environment } from './database-program.ts';
import type { DatabaseServer } from './private-server.ts';
import { startPrivate, useServer } from './private-server.ts';

export interface MariaDbOptions {
  /**
   * `MYSQL_TEST_URL` names a server to use instead of a private one; tests make and drop databases on it.
   * `PATCHBAY_TEST_CACHE` is where packages are unpacked. Default: this process's environment.
   */
  readonly env?: Environment;
  /** Further options of the server, such as `--max-connections=10`: with them it is always a private one. */
  readonly options?: readonly string[];
}

const PACKAGE: AptPackage = { name: 'mariadb-server-core', folder: 'mariadb', fetchLimitMs: 200_000 };

/**
 * Gives a MariaDB for tests on a free port of 127.0.0.1: the server of `MYSQL_TEST_URL`, or a private one run by
 * `mariadbd` from PATH, or by Debian's own packages, fetched once and unpacked into a cache folder. Works as root
 * and as a normal user. A private server dies with the process that started it, however that ends.
 *
 * @throws {Error} that says what was tried and what to install.
 */
export async function startMariaDb(settings: MariaDbOptions = {}): Promise<DatabaseServer> {
  const { env = process.env, options = [] } = settings;
  const given = env['MYSQL_TEST_URL'];
  if (given && options.length === 0) return useServer(new URL(given));
  const tried: string[] = [];
  for (const find of [findMariaDb, unpackMariaDb]) {
    try {
      return await startPrivate(await find(env), options);
    } catch (error) {
      tried.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    `No MariaDB for tests. Tried:\n- ${tried.join('\n- ')}\nInstall a MariaDB server (Debian and Ubuntu: ` +
      'mariadb-server-core; Homebrew: mariadb), or set MYSQL_TEST_URL=mysql://user:password@host:port.',
  );
}

async function findMariaDb(env: Environment): Promise<DatabaseProgram> {
  const program = await findProgram('mariadbd', env);
  return toProgram([program], resolve(program, '../..'));
}

async function unpackMariaDb(env: Environment): Promise<DatabaseProgram> {
  const { root, loader } = await unpackPackage(PACKAGE, env);
  const baseFolder = join(root, 'usr');
  return toProgram([...loader, join(baseFolder, 'sbin/mariadbd')], baseFolder);
}

async function toProgram(command: readonly string[], baseFolder: string): Promise<DatabaseProgram> {
  const shareFolder = await findShare(baseFolder);
  return {
    command,
    options: [
      `--basedir=${baseFolder}`,
      `--lc-messages-dir=${shareFolder}`,
      `--character-sets-dir=${shareFolder}/charsets`,
      '--innodb-log-file-size=16M',
    ],
    initialize: ['--bootstrap', '--skip-networking'],
    bootstrapSql: await bootstrapSql(shareFolder),
  };
}

async function findShare(baseFolder: string): Promise<string> {
  for (const name of ['mariadb', 'mysql']) {
    const folder = join(baseFolder, 'share', name);
    const files = await readdir(folder).catch(() => []);
    if (files.some((file) => file.endsWith('_system_tables.sql'))) return folder;
  }
  throw new Error(`no system tables in ${baseFolder}/share/mariadb or ${baseFolder}/share/mysql`);
}

/** The system tables alone: no accounts, so that only the one made after the start can log in. */
async function bootstrapSql(shareFolder: string): Promise<string> {
  const files = await readdir(shareFolder);
  const wanted = ['_system_tables.sql', '_performance_tables.sql'].map((end) =>
    files.find((file) => file.endsWith(end)),
  );
  const parts = wanted.map(async (file) => (file ? readFile(join(shareFolder, file), 'utf8') : ''));
  return ['CREATE DATABASE mysql;', 'USE mysql;', ...(await Promise.all(parts))].join('\n');
}
