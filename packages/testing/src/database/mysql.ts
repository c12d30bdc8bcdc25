import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { AptPackage } from './apt-packages.ts';
import { canRead, findProgram, unpackPackage } from './apt-packages.ts';
import type { DatabaseProgram, Environment } from './database-program.ts';
import type { DatabaseServer } from './private-server.ts';
import { startPrivate } from './private-server.ts';

export interface MySqlOptions {
  /** `PATCHBAY_TEST_CACHE` is where packages are unpacked. Default: this process's environment. */
  readonly env?: Environment;
  /** Further options of the server, such as `--max-connections=10`. */
  readonly options?: readonly string[];
}

/** Tests can do without: a slow line must not hold them up. */
const PACKAGE: AptPackage = {
  name: 'mysql-server-core',
  folder: 'mysql',
  release: 'sid',
  fetchLimitMs: 90_000,
};

/**
 * Gives a real MySQL for tests, always a private one: `mysqld` from PATH, or the one of Debian's development release,
 * which alone has it, fetched once (60 MB) and unpacked into a cache folder (270 MB). It dies with the process that
 * started it, however that ends.
 *
 * @throws {Error} that says what was tried. Not every machine can have it: let tests do without.
 */
export async function startMySql(settings: MySqlOptions = {}): Promise<DatabaseServer> {
  const { env = process.env, options = [] } = settings;
  const tried: string[] = [];
  for (const find of [findMySql, unpackMySql]) {
    try {
      return await startPrivate(await find(env), options);
    } catch (error) {
      tried.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`No MySQL for tests. Tried:\n- ${tried.join('\n- ')}`);
}

async function findMySql(env: Environment): Promise<DatabaseProgram> {
  const program = await findProgram('mysqld', env);
  const { stdout } = await promisify(execFile)(program, ['--version']);
  if (stdout.includes('MariaDB')) throw new Error('mysqld on PATH is a MariaDB');
  return toProgram([program], resolve(program, '../..'));
}

async function unpackMySql(env: Environment): Promise<DatabaseProgram> {
  const { root, loader } = await unpackPackage(PACKAGE, env);
  const baseFolder = join(root, 'usr');
  return toProgram([...loader, join(baseFolder, 'sbin/mysqld')], baseFolder);
}

async function toProgram(command: readonly string[], baseFolder: string): Promise<DatabaseProgram> {
  const messages = join(baseFolder, 'share/mysql');
  return {
    command,
    options: [
      `--basedir=${baseFolder}`,
      ...((await canRead(messages)) ? [`--lc-messages-dir=${messages}`] : []),
      '--innodb-redo-log-capacity=16M',
      '--innodb-doublewrite=OFF',
      '--innodb-flush-method=nosync',
      '--skip-log-bin',
      '--performance-schema=OFF',
      '--mysqlx=OFF',
    ],
    initialize: ['--initialize-insecure'],
    bootstrapSql: '',
  };
}
