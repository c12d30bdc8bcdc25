import type { DatabaseServer, ServerProcess, ToolOutcome } from '@patchbay/testing';
import { startMariaDb, startServerProcess } from '@patchbay/testing';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../src/database.ts';
import { openMySqlDatabase } from '../src/mysql/mysql-database.ts';
import { chooseDatabase } from '../src/settings.ts';
import { main, MYSQL_SERVERS, QUERY_OPTIONS, urlOf } from './support.ts';
import { CA_FILE, OTHER_CA_FILE, TLS_OPTIONS } from './tls.ts';

/** Nothing that a test starts needs more than a few connections, so that a test can take the rest. */
const MAX_CONNECTIONS = 10;
const SECRET = 'hunter2';

let mariaDb: DatabaseServer;
beforeAll(async () => {
  mariaDb = await startMariaDb({ options: [...TLS_OPTIONS, `--max-connections=${MAX_CONNECTIONS}`] });
});
afterAll(() => mariaDb[Symbol.asyncDispose]());

async function ask(server: ServerProcess, sql = 'SELECT 1'): Promise<ToolOutcome> {
  return server.callTool('query', { sql });
}

describe.for(MYSQL_SERVERS)('on %s', (kind) => {
  const url = () => (kind === 'mariadb' ? mariaDb.url : urlOf('mysql'));
  const start = (user: string, query: string, args: readonly string[] = []) => {
    const { port } = new URL(url());
    const env = { MYSQL_URL: `mysql://${user}:${SECRET}@localhost:${port}/${query}` };
    return startServerProcess({ main, args, env });
  };
  /** The same without a process, which takes most of a test's time. */
  const open = (user: string, query: string): Database => {
    const { port } = new URL(url());
    const mysqlUrl = `mysql://${user}:${SECRET}@localhost:${port}/${query}`;
    const choice = chooseDatabase({ mysqlPort: 3306, mysqlUrl }, '/');
    if (choice.kind !== 'mysql') throw new Error(`A ${choice.kind} was chosen`);
    return openMySqlDatabase(choice.login);
  };
  const admin = () => mysql.createConnection({ uri: url(), multipleStatements: true });

  beforeAll(async () => {
    await using connection = await admin();
    await connection.query(`
      DROP USER IF EXISTS plain@'%', encrypted@'%', single@'%';
      CREATE USER plain@'%' IDENTIFIED BY '${SECRET}'; GRANT ALL ON replica.* TO plain@'%';
      CREATE USER encrypted@'%' IDENTIFIED BY '${SECRET}' REQUIRE SSL; GRANT SELECT ON *.* TO encrypted@'%';
      CREATE USER single@'%' IDENTIFIED BY '${SECRET}' WITH MAX_USER_CONNECTIONS 1;
      DROP DATABASE IF EXISTS replica; CREATE DATABASE replica; CREATE TABLE replica.t (id INT);`);
  });

  test.for([
    ['?sslmode=required'],
    ['?sslmode=verify-ca&ssl-ca=CA'],
    ['?sslmode=verify-full&ssl-ca=CA'],
    ['?ssl-ca=CA'],
  ])('an account that has to be encrypted is, with %s', async ([query = '']) => {
    await using database = open('encrypted', query.replace('=CA', `=${CA_FILE}`));
    const { rows } = await database.query("SHOW SESSION STATUS LIKE 'Ssl_cipher'", QUERY_OPTIONS);
    expect(rows).toEqual([['Ssl_cipher', expect.stringContaining('TLS')]]);
  });

  test.for([
    ['', 'ssl-mode=required'],
    [`?ssl-ca=${OTHER_CA_FILE}`, 'set ssl-ca'],
    ['?sslmode=verify-ca', 'set ssl-ca'],
  ])(
    'without what the account wants, or another authority (%s), the reason is told',
    async ([query = '', hint]) => {
      await using database = open('encrypted', query);
      const error: unknown = await database
        .query('SELECT 1', QUERY_OPTIONS)
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'CONNECTION',
        message: expect.stringMatching(/^MySQL at localhost:\d+: /),
        hint: expect.stringContaining(hint ?? ''),
      });
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(SECRET);
    },
  );

  test('an address is checked as an address: another one than the certificate names is refused', async () => {
    const answerAt = async (host: string) => {
      const { port } = new URL(url());
      const env = {
        MYSQL_URL: `mysql://encrypted:${SECRET}@${host}:${port}/?ssl-mode=verify&ssl-ca=${CA_FILE}`,
      };
      await using server = await startServerProcess({ main, env });
      return (await ask(server)).text;
    };
    // Both lead to this machine, and the certificate is for localhost too.
    const [named, other] = await Promise.all([answerAt('127.0.0.1'), answerAt('0.0.0.0')]);
    expect(named).toContain('1 row');
    expect(other).toMatch(/^CONNECTION: MySQL at 0\.0\.0\.0:\d+: .*\n.*not for this host/);
  });

  test('an account with too many connections waits for a later call', async () => {
    const { port } = new URL(url());
    const taken = await mysql.createConnection({
      host: 'localhost',
      port: Number(port),
      user: 'single',
      password: SECRET,
    });
    await using server = await start('single', '');
    const { text } = await ask(server);
    await taken.end();
    expect(text).toMatch(/^CONNECTION: .*\n.*no room for another connection/);
    await expect.poll(async () => (await ask(server)).isError).toBe(false);
  });

  test('a replica is read, and what it refuses to write is told', async () => {
    await using connection = await admin();
    await using server = await start('plain', 'replica', ['--allow-write']);
    await connection.query('SET GLOBAL read_only = ON');
    try {
      expect(await ask(server, 'SELECT COUNT(*) FROM t')).toMatchObject({ isError: false });
      const refused = await server.callTool('execute', { sql: 'INSERT INTO t VALUES (1)' });
      expect(refused).toMatchObject({
        isError: true,
        text: expect.stringMatching(/^READ_ONLY: .*\n.*replica/),
      });
    } finally {
      await connection.query('SET GLOBAL read_only = OFF');
    }
    const written = await server.callTool('execute', { sql: 'INSERT INTO t VALUES (1)' });
    expect(written).toMatchObject({ isError: false });
  });

  test('only the databases that are named are read', async () => {
    const { port, password } = new URL(url());
    await using connection = await admin();
    await connection.query(
      'CREATE DATABASE IF NOT EXISTS private; CREATE TABLE IF NOT EXISTS private.t (id INT)',
    );
    const env = { MYSQL_URL: `mysql://root:${password}@127.0.0.1:${port}`, MYSQL_DATABASES: 'replica' };
    await using server = await startServerProcess({ main, env });
    const { tables } = (await server.callTool('list_tables')).structured as {
      tables: { database: string }[];
    };
    expect(new Set(tables.map(({ database }) => database))).toEqual(new Set(['replica']));
    for (const sql of [
      'SELECT * FROM private.t',
      'SELECT * FROM replica.t JOIN `PRIVATE` . t AS p',
      'SELECT user FROM mysql.user',
      'SELECT * FROM information_schema.processlist',
      'SHOW TABLES IN private',
      'WITH a AS (TABLE private.t) SELECT * FROM a',
    ]) {
      expect({ sql, text: (await ask(server, sql)).text }).toEqual({
        sql,
        text: expect.stringMatching(/^(NOT_ALLOWED|SQL_ERROR): /),
      });
      const exported = await server.callTool('export_csv', { sql, file: 'x.csv' });
      expect(exported.text).toMatch(/^(NOT_ALLOWED|SQL_ERROR): /);
    }
    for (const sql of ['SELECT a.id FROM replica.t a', 'SELECT t.id, `t`.`id` FROM t', 'SHOW TABLES']) {
      expect({ sql, ...(await ask(server, sql)) }).toMatchObject({ sql, isError: false });
    }
    expect((await server.callTool('describe_table', { table: 'private.t' })).text).toMatch(
      /^UNKNOWN_TABLE: /,
    );
  });

  test('a statement over its time is gone from the list of what the server runs', async () => {
    await using connection = await admin();
    const running = async () => {
      const [rows] = await connection.query(
        "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE info LIKE '%patchbay_slow%' AND info NOT LIKE '%processlist%'",
      );
      return (rows as { n: number }[])[0]?.n;
    };
    const { port, password } = new URL(url());
    const env = { MYSQL_URL: `mysql://root:${password}@127.0.0.1:${port}` };
    await using server = await startServerProcess({ main, args: ['--timeout-ms', '500'], env });
    const all = 'information_schema.columns';
    const pending = ask(
      server,
      `SELECT COUNT(*) AS patchbay_slow FROM ${all} a, ${all} b, ${all} c, ${all} d`,
    );
    await expect.poll(running, { timeout: 10_000, interval: 10 }).toBe(1);
    expect((await pending).text).toMatch(/^TIMEOUT: .* 0\.5 s/);
    await expect.poll(running, { timeout: 10_000 }).toBe(0);
  });
});

test('a server that takes encrypted connections alone says so, and is used when it takes others', async () => {
  const ssl = { rejectUnauthorized: false };
  await using connection = await mysql.createConnection({ uri: mariaDb.url, ssl });
  await connection.query('SET GLOBAL require_secure_transport = ON');
  await using server = await startServerProcess({ main, env: { MYSQL_URL: mariaDb.url } });
  expect((await ask(server)).text).toMatch(/^CONNECTION: .*\n.*ssl-mode=required/);
  await connection.query('SET GLOBAL require_secure_transport = OFF');
  expect(await ask(server)).toMatchObject({ isError: false });
});

test('a server that is full is used as soon as it has room', async () => {
  const taken: mysql.Connection[] = [];
  const take = async (): Promise<void> => {
    for (;;) taken.push(await mysql.createConnection(mariaDb.url));
  };
  await expect(take()).rejects.toThrow('Too many connections');
  await using server = await startServerProcess({ main, env: { MYSQL_URL: mariaDb.url } });
  expect((await ask(server)).text).toMatch(/^CONNECTION: .*Too many connections.*\n.*no room/);
  await Promise.all(taken.map((connection) => connection.end()));
  await expect.poll(async () => (await ask(server)).isError).toBe(false);
});
