import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Connection } from 'mysql2/promise';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../src/database.ts';
import { openMySqlDatabase } from '../src/mysql/mysql-database.ts';
import { MySqlServer } from '../src/mysql/mysql-server.ts';
import { withSession } from '../src/mysql/mysql-session.ts';
import { openSqliteDatabase } from '../src/sqlite/sqlite-database.ts';
import { SqliteProcess } from '../src/sqlite/sqlite-process.ts';
import { stateOfFile, TARGET, testAttacked } from './attacked.ts';
import { LEGITIMATE } from './legitimate.ts';
import { ATTACKS, ONLY_THE_GATE_STOPS } from './statements.ts';
import type { TemporaryFolder } from './support.ts';
import { loginOf, makeFolder, MYSQL_SERVERS, QUERY_OPTIONS, urlOf } from './support.ts';

const DATABASE = 'patchbay_attack';

/** MariaDB has neither. */
const ONLY_MYSQL_KNOWS = new Set(['TABLE x', 'VALUES ROW(1, 2), ROW(3, 4)']);

test('there are at least 150 attacks, each another', () => {
  expect(new Set(ATTACKS).size).toBeGreaterThanOrEqual(150);
  expect(new Set(ATTACKS).size).toBe(ATTACKS.length);
});

describe.for(MYSQL_SERVERS)('on %s, as its administrator', (kind) => {
  let admin: Connection;
  let database: Database;
  let unguarded: MySqlServer;

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
    admin = await mysql.createConnection({ uri: urlOf(kind), multipleStatements: true });
    await admin.query(
      `DROP DATABASE IF EXISTS ${DATABASE}; CREATE DATABASE ${DATABASE}; USE ${DATABASE};
       CREATE TABLE x (id INT PRIMARY KEY, v VARCHAR(20)); INSERT INTO x VALUES (1, 'a');
       CREATE TABLE m (id INT) ENGINE = MyISAM; INSERT INTO m VALUES (7);
       CREATE PROCEDURE wr() INSERT INTO x VALUES (99, 'p');
       CREATE FUNCTION fw() RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO x VALUES (98, 'f'); RETURN 1; END`,
    );
    const login = loginOf(kind, { database: DATABASE });
    database = openMySqlDatabase(login);
    unguarded = new MySqlServer(login);
  });
  afterAll(async () => {
    await Promise.all([database, unguarded].map((each) => each[Symbol.asyncDispose]()));
    await admin.query(`DROP DATABASE ${DATABASE}`);
    await admin.end();
  });

  const unlimited = { ...QUERY_OPTIONS, maxRows: 'all' } as const;
  const runUnguarded = (sql: string) => withSession(unguarded, unlimited, (session) => session.readAll(sql));
  testAttacked(() => ({ database, snapshot, runUnguarded }), {
    attacks: [...ATTACKS, 'SELECT fw()', 'SELECT `fw`()'],
    onlyTheGateStops: ONLY_THE_GATE_STOPS,
    legitimate: LEGITIMATE[kind].filter((sql) => kind === 'mysql' || !ONLY_MYSQL_KNOWS.has(sql)),
  });

  test('a call leaves nothing in the session for the next', async () => {
    const limited = { ...QUERY_OPTIONS, limits: { ...QUERY_OPTIONS.limits, maxRows: 1 } };
    const sql = 'SELECT table_name FROM information_schema.tables LIMIT 3';
    for (const { length } of Array.from({ length: 8 }, (_, index) => ({ length: index % 2 === 0 ? 1 : 3 }))) {
      const { rows } = await database.query(sql, length === 1 ? limited : QUERY_OPTIONS);
      expect(rows).toHaveLength(length);
    }
  });
});

describe('on an SQLite file', () => {
  let folder: TemporaryFolder;
  let database: Database;
  let unguarded: SqliteProcess;
  let path: string;

  beforeAll(async () => {
    folder = await makeFolder();
    path = join(folder.path, 'my data.db');
    const source = { kind: 'file', path, schema: 'my_data' } as const;
    const file = new DatabaseSync(path);
    file.exec(
      "CREATE TABLE x (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO x VALUES (1, 'a'); CREATE TABLE m (id INT)",
    );
    file.close();
    database = openSqliteDatabase(source);
    unguarded = new SqliteProcess({ source, access: 'read' });
  });
  afterAll(async () => {
    unguarded[Symbol.dispose]();
    await database[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const snapshot = async (): Promise<unknown> => [await readdir(folder.path), await stateOfFile(path)];
  const { limits } = QUERY_OPTIONS;
  const runUnguarded = (sql: string) => unguarded.ask({ kind: 'query', sql, limits }, QUERY_OPTIONS);
  testAttacked(() => ({ database, snapshot, runUnguarded }), {
    attacks: ATTACKS,
    legitimate: LEGITIMATE.sqlite,
  });
});
