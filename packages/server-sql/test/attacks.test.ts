import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Connection } from 'mysql2/promise';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database, QueryOptions } from '../src/database.ts';
import { openMySqlDatabase } from '../src/mysql/mysql-database.ts';
import { MySqlServer } from '../src/mysql/mysql-server.ts';
import { withSession } from '../src/mysql/mysql-session.ts';
import { openSqliteDatabase } from '../src/sqlite/sqlite-database.ts';
import { SqliteProcess } from '../src/sqlite/sqlite-process.ts';
import { LEGITIMATE } from './legitimate.ts';
import { ATTACKS, ONLY_THE_GATE_STOPS } from './statements.ts';
import type { TemporaryFolder } from './support.ts';
import { loginOf, makeFolder, MYSQL_SERVERS, urlOf } from './support.ts';

/** Named in the attacks that write a file. */
const TARGET = '/tmp/patchbay-attack';
const DATABASE = 'patchbay_attack';

/** MariaDB has neither. */
const ONLY_MYSQL_KNOWS = new Set(['TABLE x', 'VALUES ROW(1, 2), ROW(3, 4)']);

const options: QueryOptions = {
  limits: { maxRows: 100, maxBytes: 100_000, maxCellChars: 1000 },
  timeoutMs: 5000,
  signal: new AbortController().signal,
};

/** What the database answered: `ok`, or the code of the refusal. */
async function outcomeOf(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'ok',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
}

test('there are at least 150 attacks, each another', () => {
  expect(new Set(ATTACKS).size).toBeGreaterThanOrEqual(150);
  expect(new Set(ATTACKS).size).toBe(ATTACKS.length);
});

describe.for(MYSQL_SERVERS)('on %s, as its administrator', (kind) => {
  let admin: Connection;
  let database: Database;
  let before: unknown;

  const snapshot = async (): Promise<unknown> => {
    const [rows] = await admin.query(
      `SELECT (SELECT GROUP_CONCAT(id, v) FROM x) AS x,
        (SELECT GROUP_CONCAT(id) FROM m) AS m,
        (SELECT GROUP_CONCAT(table_name ORDER BY table_name) FROM information_schema.tables
          WHERE table_schema = '${DATABASE}') AS tables,
        (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = '${DATABASE}') AS columns,
        (SELECT COUNT(*) FROM mysql.user WHERE user = 'evil') AS evil,
        @@GLOBAL.max_connections AS connections`,
    );
    return { rows, isWritten: existsSync(TARGET) };
  };

  beforeAll(async () => {
    await rm(TARGET, { force: true });
    admin = await mysql.createConnection({ uri: urlOf(kind), multipleStatements: true });
    await admin.query(
      `DROP DATABASE IF EXISTS ${DATABASE}; CREATE DATABASE ${DATABASE}; USE ${DATABASE};
       CREATE TABLE x (id INT PRIMARY KEY, v VARCHAR(20)); INSERT INTO x VALUES (1, 'a');
       CREATE TABLE m (id INT) ENGINE = MyISAM; INSERT INTO m VALUES (7);
       CREATE PROCEDURE wr() INSERT INTO x VALUES (99, 'p');
       CREATE FUNCTION fw() RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO x VALUES (98, 'f'); RETURN 1; END`,
    );
    database = openMySqlDatabase(login());
    before = await snapshot();
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await admin.query(`DROP DATABASE ${DATABASE}`);
    await admin.end();
  });

  const login = () => loginOf(kind, { database: DATABASE });

  test.for([...ATTACKS, 'SELECT fw()', 'SELECT `fw`()'])('changes nothing: %j', async (sql) => {
    await outcomeOf(database.query(sql, options));
    expect(await snapshot()).toEqual(before);
  });

  test('a read-only session alone stops what the gate would, except what no session stops', async () => {
    await using mysqlServer = new MySqlServer(login());
    for (const sql of [...ATTACKS, 'SELECT fw()'].filter((attack) => !ONLY_THE_GATE_STOPS.test(attack))) {
      await outcomeOf(
        withSession(mysqlServer, { ...options, maxRows: 'all' }, (session) => session.readAll(sql)),
      );
      expect({ sql, state: await snapshot() }).toEqual({ sql, state: before });
    }
  });

  test('what reads is run: at least 100 statements, none refused', async () => {
    const statements = LEGITIMATE[kind].filter((sql) => kind === 'mysql' || !ONLY_MYSQL_KNOWS.has(sql));
    const refused: unknown[] = [];
    for (const sql of statements) {
      const outcome = await outcomeOf(database.query(sql, options));
      if (outcome !== 'ok') refused.push([sql, outcome]);
    }
    expect({ refused, count: statements.length }).toEqual({
      refused: [],
      count: expect.toSatisfy((n) => n >= 100),
    });
  });

  test('a call leaves nothing in the session for the next', async () => {
    const limited = { ...options, limits: { ...options.limits, maxRows: 1 } };
    const sql = 'SELECT table_name FROM information_schema.tables LIMIT 3';
    for (const { length } of Array.from({ length: 8 }, (_, index) => ({ length: index % 2 === 0 ? 1 : 3 }))) {
      const { rows } = await database.query(sql, length === 1 ? limited : options);
      expect(rows).toHaveLength(length);
    }
  });
});

describe('on an SQLite file', () => {
  let folder: TemporaryFolder;
  let database: Database;
  let source: { kind: 'file'; path: string; schema: string };
  let before: unknown;

  const snapshot = async (): Promise<unknown> => ({
    files: await readdir(folder.path),
    hash: createHash('sha256')
      .update(await readFile(source.path))
      .digest('hex'),
    isWritten: existsSync(TARGET),
  });

  beforeAll(async () => {
    await rm(TARGET, { force: true });
    folder = await makeFolder();
    source = { kind: 'file', path: join(folder.path, 'my data.db'), schema: 'my_data' };
    const file = new DatabaseSync(source.path);
    file.exec(
      "CREATE TABLE x (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO x VALUES (1, 'a'); CREATE TABLE m (id INT)",
    );
    file.close();
    database = openSqliteDatabase(source);
    before = await snapshot();
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  test.for(ATTACKS)('changes nothing: %j', async (sql) => {
    await outcomeOf(database.query(sql, options));
    expect(await snapshot()).toEqual(before);
  });

  test('the connection alone stops what the gate would', async () => {
    using child = new SqliteProcess({ source, access: 'read' });
    for (const sql of ATTACKS) {
      await outcomeOf(child.ask({ kind: 'query', sql, limits: options.limits }, options));
      expect({ sql, state: await snapshot() }).toEqual({ sql, state: before });
    }
  });

  test('what reads is run: at least 100 statements, none refused', async () => {
    const statements = LEGITIMATE.sqlite;
    const refused: unknown[] = [];
    for (const sql of statements) {
      const outcome = await outcomeOf(database.query(sql, options));
      if (outcome !== 'ok') refused.push([sql, outcome]);
    }
    expect({ refused, count: statements.length }).toEqual({
      refused: [],
      count: expect.toSatisfy((n) => n >= 100),
    });
  });
});
