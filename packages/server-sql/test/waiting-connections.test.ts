import type { Connection } from 'mysql2/promise';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../src/database.ts';
import { openMySqlDatabase } from '../src/mysql/mysql-database.ts';
import type { Line } from './line.ts';
import { openLine } from './line.ts';
import { loginOf, MYSQL_SERVERS, QUERY_OPTIONS, urlOf } from './support.ts';

describe.for(MYSQL_SERVERS)('a connection to %s that waits for its next query', (kind) => {
  let admin: Connection;
  let line: Line;
  let database: Database;

  beforeAll(async () => {
    admin = await mysql.createConnection({ uri: urlOf(kind), multipleStatements: true });
    await admin.query(
      'DROP DATABASE IF EXISTS waiting; CREATE DATABASE waiting; CREATE TABLE waiting.t (id INT) ENGINE = InnoDB;',
    );
    line = await openLine(loginOf(kind));
    const { port } = line;
    database = openMySqlDatabase(loginOf(kind, { host: '127.0.0.1', port, database: 'waiting' }));
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await line[Symbol.asyncDispose]();
    await admin.end();
  });

  const preparations = () => line.sent.filter((sent) => sent.includes('START TRANSACTION READ ONLY')).length;
  /** Runs a query, and waits until its connection is made ready for the next. */
  const askAndWait = async (sql: string) => {
    const before = preparations();
    const { rows } = await database.query(sql, QUERY_OPTIONS);
    await expect.poll(preparations).toBeGreaterThan(before);
    await expect.poll(async () => (await database.query('SELECT 1', QUERY_OPTIONS)).totalRows).toBe(1);
    return rows;
  };

  test.for(['SELECT', 'INSERT, SELECT'])(
    'is in a read-only transaction, with an account that has %s',
    async (rights) => {
      await admin.query(
        `DROP USER IF EXISTS waiter@'%'; CREATE USER waiter@'%' IDENTIFIED BY 'w'; GRANT ${rights} ON waiting.* TO waiter@'%'`,
      );
      await using other = await openLine(loginOf(kind));
      const login = loginOf(kind, { host: '127.0.0.1', port: other.port, user: 'waiter', password: 'w' });
      await using opened = openMySqlDatabase(login);
      expect((await opened.query('SELECT COUNT(*) FROM waiting.t', QUERY_OPTIONS)).rows).toEqual([[0]]);
      expect(
        other.sent.filter((sent) => sent.includes('START TRANSACTION READ ONLY')).length,
      ).toBeGreaterThan(0);
    },
  );

  test('sends that query first', async () => {
    await askAndWait('SELECT COUNT(*) FROM t');
    const before = preparations();
    await database.query('SELECT 2', QUERY_OPTIONS);
    await expect.poll(preparations).toBeGreaterThan(before);
    await expect
      .poll(async () => {
        const from = line.sent.length;
        await database.query('SELECT 41 + 1', QUERY_OPTIONS);
        return line.sent[from];
      })
      .toContain('SELECT 41 + 1');
  });

  test('holds no lock, no snapshot and no transaction that the server would list', async () => {
    expect(await askAndWait('SELECT COUNT(*) FROM t')).toEqual([[0]]);
    await admin.query('SET SESSION lock_wait_timeout = 2; INSERT INTO waiting.t VALUES (1)');
    await admin.query('ALTER TABLE waiting.t ADD COLUMN v INT');
    expect(await askAndWait('SELECT COUNT(*), COUNT(v) FROM t')).toEqual([[1, 0]]);
    const listed = async () => {
      const [rows] = await admin.query({
        sql: `SELECT COUNT(*) FROM information_schema.innodb_trx JOIN information_schema.processlist p
          ON p.id = trx_mysql_thread_id WHERE p.db = 'waiting'`,
        rowsAsArray: true,
      });
      return rows;
    };
    await expect.poll(listed).toEqual([[0]]);
  });

  test('is there before the first query when it is asked for, and serves lists and descriptions as well', async () => {
    await using other = await openLine(loginOf(kind));
    const login = loginOf(kind, { host: '127.0.0.1', port: other.port, database: 'waiting' });
    await using opened = openMySqlDatabase(login, { warmUp: { timeoutMs: 5000, maxRows: 100 } });
    await expect
      .poll(() => other.sent.some((sent) => sent.includes('START TRANSACTION READ ONLY')))
      .toBe(true);
    await expect.poll(() => opened.engine.version).toBeDefined();
    const from = other.sent.length;
    expect((await opened.listTables(QUERY_OPTIONS)).map(({ name }) => name)).toContain('t');
    expect(other.sent[from]).toContain('information_schema.tables');
  });

  test('and has died unnoticed, is replaced by another without a word', async () => {
    await askAndWait('SELECT 1');
    line.deaden();
    expect((await database.query('SELECT 7', QUERY_OPTIONS)).rows).toEqual([[7]]);
  });

  test('and was ended by the server, is replaced too', async () => {
    await askAndWait('SELECT 1');
    const [rows] = await admin.query("SELECT id FROM information_schema.processlist WHERE db = 'waiting'");
    for (const { id } of rows as { id: number }[]) await admin.query(`KILL CONNECTION ${id}`);
    expect((await database.query('SELECT 8', QUERY_OPTIONS)).rows).toEqual([[8]]);
  });
});
