import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import type { DatabaseProgram } from './database-program.ts';

/** A running server that a test owns. Disposing ends it and removes its data. */
export interface DatabaseServer extends AsyncDisposable {
  /** `mysql://user:password@host:port`, without a database. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** Longest time from start to the first answered statement, in milliseconds: a busy disk takes half a minute. */
const START_LIMIT_MS = 90_000;
/** Longest time that an orderly shutdown may take before the server is killed, in milliseconds. */
const STOP_LIMIT_MS = 5_000;
const START_ATTEMPTS = 3;

/** Uses the server at `url` as it is; disposing leaves it running. */
export async function useServer(url: URL): Promise<DatabaseServer> {
  const port = url.port === '' ? 3306 : Number(url.port);
  const login = { host: url.hostname, port, ...credentials(url) };
  await ask(login, 'SELECT 1');
  return { url: toUrl(login), ...login, [Symbol.asyncDispose]: async () => {} };
}

/**
 * Runs a server of its own on a free port of 127.0.0.1, with an empty data folder. It dies with the process that
 * started it, however that ends.
 */
export async function startPrivate(
  program: DatabaseProgram,
  extraOptions: readonly string[],
): Promise<DatabaseServer> {
  for (let attempt = 1; ; attempt += 1) {
    const login = { host: '127.0.0.1', port: await freePort(), user: 'root', password: newPassword() };
    const options = [...program.options, ...extraOptions];
    const server = await launch({ ...program, options }, login);
    try {
      await waitUntilReady(server, login);
      return { url: toUrl(login), ...login, [Symbol.asyncDispose]: () => stop(server, login) };
    } catch (error) {
      await kill(server);
      // Another process may have taken the port between asking for a free one and using it.
      if (attempt >= START_ATTEMPTS || !String(error).includes('Address already in use')) throw error;
    }
  }
}

interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

interface Server {
  readonly process: ChildProcess;
  /** The end of what it said on standard error. */
  said(): string;
}

/**
 * Makes the system tables, runs the server, and removes the folder when it ends. Its standard input is a pipe from
 * the test process: when that closes, for whatever reason, the server is killed. The shell itself writes nothing to
 * standard error, which has no reader left by then.
 */
const KEEPER = `
folder=$1
initialize=$2
shift 2
exec 3<&0 4>&2 2>/dev/null
keep() {
  (read -r _ <&3; kill -9 "$1") &
  watcher=$!
  wait "$1"
  code=$?
  kill "$watcher"
}
"$@" $initialize <"$folder/bootstrap.sql" 2>&4 3<&- 4>&- &
keep $!
if [ "$code" -eq 0 ]; then
  "$@" --init-file="$folder/init.sql" 2>&4 3<&- 4>&- &
  keep $!
fi
rm -rf "$folder"
exit "$code"
`;

async function launch(program: DatabaseProgram, login: Login): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-db-'));
  await mkdir(join(folder, 'data'));
  await mkdir(join(folder, 'tmp'));
  await writeFile(join(folder, 'bootstrap.sql'), program.bootstrapSql);
  const account = `'${login.user}'@'127.0.0.1'`;
  const accountSql = `CREATE USER ${account} IDENTIFIED BY '${login.password}';\nGRANT ALL ON *.* TO ${account} WITH GRANT OPTION;\n`;
  await writeFile(join(folder, 'init.sql'), accountSql, { mode: 0o600 });
  const command = [...program.command, ...commonOptions(folder, login.port), ...program.options];
  const initialize = program.initialize.join(' ');
  const child = spawn('/bin/sh', ['-c', KEEPER, 'keeper', folder, initialize, ...command], {
    // A group of its own: Ctrl-C at the tests must reach the server through the pipe, not instead of it.
    detached: true,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', TZ: 'UTC', LC_ALL: 'C' },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said = (said + String(chunk)).slice(-4000)));
  child.on('error', (error) => (said += String(error)));
  child.stdin.on('error', (error) => (said += String(error)));
  await once(child, 'spawn').catch(() => rm(folder, { recursive: true, force: true }));
  return { process: child, said: () => said };
}

/** Small caches and lazy flushing: the data lives for one test file. */
function commonOptions(folder: string, port: number): readonly string[] {
  return [
    '--no-defaults',
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    `--datadir=${folder}/data`,
    `--tmpdir=${folder}/tmp`,
    `--secure-file-priv=${folder}/tmp`,
    `--socket=${folder}/socket`,
    `--pid-file=${folder}/pid`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    '--local-infile=0',
    '--innodb-buffer-pool-size=64M',
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-use-native-aio=0',
  ];
}

/** An open port is not enough: a server that is told to stop before it can answer may hang for minutes. */
async function waitUntilReady(server: Server, login: Login): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  let last: unknown;
  while (Date.now() < deadline) {
    if (hasEnded(server)) throw new Error(`the server ended while starting: ${server.said().trim()}`);
    try {
      return await ask(login, 'SELECT 1');
    } catch (error) {
      last = error;
      await wait(25);
    }
  }
  throw new Error(`the server did not answer within ${START_LIMIT_MS} ms: ${server.said().trim()}`, {
    cause: last,
  });
}

async function stop(server: Server, login: Login): Promise<void> {
  const limit = AbortSignal.timeout(STOP_LIMIT_MS);
  const ended = hasEnded(server) ? undefined : once(server.process, 'exit', { signal: limit });
  await Promise.allSettled([ended, ask(login, 'SHUTDOWN')]);
  await kill(server);
}

/** Closing the pipe makes the keeper kill what still runs, remove the folder and end. */
async function kill(server: Server): Promise<void> {
  const ended = hasEnded(server) ? undefined : once(server.process, 'exit');
  server.process.stdin?.destroy();
  await ended;
}

function hasEnded({ process: child }: Server): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function ask(login: Login, sql: string): Promise<void> {
  const connection = await mysql.createConnection({ ...login, connectTimeout: STOP_LIMIT_MS });
  try {
    await connection.query(sql);
  } finally {
    connection.destroy();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no free port on 127.0.0.1');
  return address.port;
}

function credentials(url: URL): { user: string; password: string } {
  return { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
}

function toUrl({ host, port, user, password }: Login): string {
  return `mysql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}`;
}

function newPassword(): string {
  return randomBytes(12).toString('hex');
}
