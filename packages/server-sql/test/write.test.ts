import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ServerProcess } from '@patchbay/testing';
import { startServerProcess } from '@patchbay/testing';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assertWrites } from '../src/gate/write.ts';
import { readAccount } from '../src/mysql/grants.ts';
import type { MySqlKind } from './support.ts';
import { loginOf, main, makeFolder, MYSQL_SERVERS, urlOf } from './support.ts';

interface Writable extends AsyncDisposable {
  readonly server: ServerProcess;
  /** Another server over the same data, whose statements get little time. */
  readonly startHasty: () => Promise<ServerProcess>;
}

const TABLE = `CREATE TABLE stock (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, amount INTEGER)`;
const ROWS = "INSERT INTO stock VALUES (1, 'bolt', 10), (2, 'nut', 20)";

async function startSqlite(): Promise<Writable> {
  const folder = await makeFolder();
  const path = join(folder.path, 'store.db');
  const file = new DatabaseSync(path);
  file.exec(`${TABLE}; ${ROWS}`);
  file.close();
  const start = (...args: string[]) =>
    startServerProcess({ main, args: ['--sqlite', path, '--allow-write', ...args] });
  const server = await start();
  const close = async (): Promise<void> => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  };
  return { server, startHasty: () => start('--timeout-ms', '300'), [Symbol.asyncDispose]: close };
}

async function startServer(kind: MySqlKind): Promise<Writable> {
  await using admin = await mysql.createConnection({ uri: urlOf(kind), multipleStatements: true });
  await admin.query(`DROP DATABASE IF EXISTS store; CREATE DATABASE store; USE store; ${TABLE}; ${ROWS}`);
  const env = { MYSQL_URL: `${urlOf(kind)}/store`, SQL_ALLOW_WRITE: 'true' };
  const start = (...args: string[]) => startServerProcess({ main, args, env });
  const server = await start();
  return {
    server,
    startHasty: () => start('--timeout-ms', '300'),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe.for(['sqlite', ...MYSQL_SERVERS] as const)('where writing is allowed, on %s', (kind) => {
  let writable: Writable;
  beforeAll(async () => {
    writable = kind === 'sqlite' ? await startSqlite() : await startServer(kind);
  });
  afterAll(() => writable[Symbol.asyncDispose]());

  const call = (name: string, args: Record<string, unknown>) => writable.server.callTool(name, args);
  const rowsOf = async (sql: string): Promise<unknown> =>
    ((await call('query', { sql })).structured as { rows: unknown }).rows;

  test('execute is offered as a tool that destroys, and query still only reads', async () => {
    const tools = await writable.server.listTools();
    const hints = new Map(tools.map(({ name, annotations }) => [name, annotations]));
    expect(hints.get('execute')).toMatchObject({ readOnlyHint: false, destructiveHint: true });
    expect(hints.get('query')).toMatchObject({ readOnlyHint: true, destructiveHint: false });
    expect((await call('query', { sql: 'DELETE FROM stock' })).text).toMatch(/^READ_ONLY: /);
    // An account that writes on purpose needs no warning.
    expect(writable.server.stderr()).not.toContain('may write');
  });

  test('rows are inserted, updated and deleted, and the next query sees it', async () => {
    const insert = { sql: "INSERT INTO stock VALUES (?, ?, 5), (4, 'pin', 0)", params: [3, "o'ring"] };
    expect(await call('execute', insert)).toMatchObject({
      isError: false,
      structured: { affected_rows: 2 },
      text: expect.stringContaining('2 rows affected'),
    });
    const update = { sql: 'UPDATE stock SET amount = amount + 1 WHERE id >= ?', params: [3] };
    expect((await call('execute', update)).structured).toMatchObject({ affected_rows: 2, insert_id: null });
    expect(await rowsOf('SELECT name, amount FROM stock WHERE id > 2 ORDER BY id')).toEqual([
      ["o'ring", 6],
      ['pin', 1],
    ]);
    const remove = { sql: 'DELETE FROM stock WHERE id > 2' };
    expect((await call('execute', remove)).structured).toMatchObject({ affected_rows: 2 });
    expect(await rowsOf('SELECT COUNT(*) FROM stock')).toEqual([[2]]);
  });

  test('tables are made, changed and dropped, and new keys are told', async () => {
    const key = kind === 'sqlite' ? 'INTEGER PRIMARY KEY' : 'INTEGER PRIMARY KEY AUTO_INCREMENT';
    for (const sql of [
      `CREATE TABLE IF NOT EXISTS log (id ${key}, line VARCHAR(50))`,
      'ALTER TABLE log ADD COLUMN kind INTEGER NOT NULL DEFAULT 1 CHECK (kind >= 0)',
      'ALTER TABLE log ADD COLUMN depth INTEGER',
      'ALTER TABLE log RENAME COLUMN depth TO level',
      'ALTER TABLE log ADD COLUMN unused INTEGER',
      'ALTER TABLE log DROP COLUMN unused',
      'CREATE INDEX by_level ON log (level)',
      "CREATE VIEW loud AS SELECT id FROM log WHERE level > 1 AND line <> ';'",
    ]) {
      expect(await call('execute', { sql })).toMatchObject({
        isError: false,
        structured: { affected_rows: 0 },
      });
    }
    const insert = { sql: "INSERT INTO log (line, level) VALUES ('a', 2)" };
    expect((await call('execute', insert)).structured).toMatchObject({ affected_rows: 1, insert_id: 1 });
    expect((await call('execute', insert)).structured).toMatchObject({ insert_id: 2 });
    const { tables } = (await call('list_tables', {})).structured as { tables: { name: string }[] };
    expect(tables.map(({ name }) => name)).toEqual(['log', 'loud', 'stock']);
    expect(await rowsOf('SELECT id FROM store.loud ORDER BY id')).toEqual([[1], [2]]);
    for (const sql of ['DROP VIEW loud', 'DROP TABLE log']) await call('execute', { sql });
    expect((await call('query', { sql: 'SELECT * FROM log' })).text).toMatch(/^SQL_ERROR: /);
  });

  test('the largest new keys have all their digits', async () => {
    const [key, last, first] =
      kind === 'sqlite'
        ? ['INTEGER PRIMARY KEY', '9223372036854775806', '9223372036854775807']
        : ['BIGINT UNSIGNED PRIMARY KEY AUTO_INCREMENT', '9223372036854775808', '9223372036854775809'];
    const execute = async (sql: string): Promise<unknown> => (await call('execute', { sql })).structured;
    await execute(`CREATE TABLE far (id ${key}, n INTEGER)`);
    expect(await execute(`INSERT INTO far VALUES (${last}, 0)`)).toMatchObject({ affected_rows: 1 });
    const next = await execute('INSERT INTO far (n) VALUES (1)');
    expect(next).toMatchObject({ affected_rows: 1, insert_id: first });
    await execute('DROP TABLE far');
  });

  test('a statement that runs too long is stopped and changes nothing', async () => {
    const before = await rowsOf('SELECT * FROM stock ORDER BY id');
    const many = 'information_schema.columns';
    const count =
      kind === 'sqlite'
        ? 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n'
        : `SELECT COUNT(*) FROM ${many} a, ${many} b, ${many} c, ${many} d`;
    await using hasty = await writable.startHasty();
    const answer = await hasty.callTool('execute', { sql: `UPDATE stock SET amount = (${count})` });
    expect(answer).toMatchObject({ isError: true, text: expect.stringMatching(/^TIMEOUT: .* 0\.3 s/) });
    expect(answer.text).toContain('look with query before you repeat it');
    expect(await rowsOf('SELECT * FROM stock ORDER BY id')).toEqual(before);
  });

  test.for([
    ['SELECT 1', 'NOT_ALLOWED'],
    ['DELETE FROM stock; DELETE FROM stock', 'MULTIPLE_STATEMENTS'],
    ["INSERT INTO stock VALUES (1, 'twice', 0)", 'SQL_ERROR'],
    ["INSERT INTO stock VALUES (8, 'ok', 0), (9, NULL, 0)", 'SQL_ERROR'],
    ['DELETE FROM nowhere', 'SQL_ERROR'],
    ['DELETE FROM stock WHERE id = ?', 'INVALID_INPUT'],
    ["UPDATE stock SET name = 'open", 'NOT_ALLOWED'],
    ['', 'INVALID_INPUT'],
  ] as const)('%j changes nothing and is answered with %s', async ([sql, code]) => {
    const before = await rowsOf('SELECT * FROM stock ORDER BY id');
    const answer = await call('execute', { sql });
    expect(answer.isError).toBe(true);
    expect(answer.text.slice(0, code.length + 2)).toBe(`${code}: `);
    expect(await rowsOf('SELECT * FROM stock ORDER BY id')).toEqual(before);
  });
});

test('the sample data cannot be written, whatever the flags say', async () => {
  await using server = await startServerProcess({ main, args: ['--allow-write'] });
  const tools = await server.listTools();
  expect(tools.map(({ name }) => name)).not.toContain('execute');
  expect(server.stderr()).toContain('--allow-write has no effect');
});

test.for(MYSQL_SERVERS)('an account of %s that may write is warned of once', async (kind) => {
  await using admin = await mysql.createConnection({ uri: urlOf(kind), multipleStatements: true });
  await admin.query(
    `DROP USER IF EXISTS reader@'%'; CREATE USER reader@'%' IDENTIFIED BY 'r'; GRANT SELECT, SHOW VIEW ON *.* TO reader@'%'`,
  );
  await using server = await startServerProcess({ main, env: { MYSQL_URL: urlOf(kind) } });
  for (const sql of ['SELECT 1', 'SELECT 2']) await server.callTool('query', { sql });
  await expect
    .poll(() => server.stderr())
    .toMatch(/^[^\n]*account root may write \((?:ALL PRIV|INSERT, )[^\n]*\n$/);
  const { host, port } = loginOf(kind);
  await using careful = await startServerProcess({
    main,
    env: { MYSQL_URL: `mysql://reader:r@${host}:${port}` },
  });
  expect(await careful.callTool('query', { sql: 'SELECT 1' })).toMatchObject({ isError: false });
  expect(careful.stderr()).toBe('');
});

test('privileges to write are told from those to read', () => {
  const reading = [
    "GRANT USAGE ON *.* TO `r`@`%` IDENTIFIED BY PASSWORD '*x'",
    'GRANT SELECT, SHOW VIEW, SHOW DATABASES, PROCESS, LOCK TABLES, CREATE TEMPORARY TABLES ON `shop`.* TO `r`@`%`',
    'GRANT SELECT (`insert`, name) ON `shop`.`t` TO `r`@`%`',
    'GRANT `some_role`@`%` TO `r`@`%`',
  ];
  expect(readAccount(reading)).toEqual({ writes: [], isKnown: false });
  expect(readAccount(reading.slice(0, -1))).toEqual({ writes: [], isKnown: true });
  expect(readAccount([])).toEqual({ writes: [], isKnown: false });
  const writing = [
    ...reading,
    'GRANT SELECT, INSERT, UPDATE (a, b), CREATE VIEW ON `shop`.* TO `r`@`%`',
    'GRANT INSERT, FILE ON *.* TO `r`@`%`',
  ];
  expect(readAccount(writing).writes).toEqual(['INSERT', 'UPDATE', 'CREATE VIEW', 'FILE']);
});

describe.for(['mysql', 'sqlite'] as const)('the gate for writing, in %s', (dialect) => {
  test.for([
    "INSERT INTO t VALUES (1, 'INTO OUTFILE')",
    'INSERT IGNORE INTO t SELECT * FROM u',
    'REPLACE INTO t VALUES (1)',
    "UPDATE t SET a = REPLACE(a, ';', ',') WHERE b = 1;",
    'WITH c AS (SELECT 1 AS n) UPDATE t SET a = 1',
    'CREATE OR REPLACE VIEW v AS SELECT 1',
    'CREATE UNIQUE INDEX i ON t (a)',
    'CREATE TABLE t (data INT, directory INT)',
    'CREATE TABLE t (a INT) ENGINE = InnoDB',
    'DROP TABLE IF EXISTS t',
    'TRUNCATE t',
    'TRUNCATE TABLE t',
    'RENAME TABLE a TO b',
  ])('lets through: %s', (sql) => {
    expect(() => assertWrites(sql, dialect)).not.toThrow();
  });

  test.for([
    'SELECT 1',
    'WITH c AS (DELETE FROM t) SELECT 1',
    'SET GLOBAL max_connections = 1',
    'CALL wr()',
    'GRANT ALL ON *.* TO x',
    'CREATE USER x',
    'CREATE DATABASE x',
    'DROP DATABASE x',
    'ALTER USER x',
    'DROP SCHEMA x',
    'CREATE FUNCTION f() RETURNS INT RETURN 1',
    'CREATE DEFINER = view FUNCTION f() RETURNS INT RETURN 1',
    'CREATE DEFINER=`root`@`%` VIEW v AS SELECT 1',
    'CREATE AGGREGATE FUNCTION f RETURNS INT SONAME "x.so"',
    'CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW SET @a = 1',
    'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t',
    'CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST "x")',
    'CREATE VIRTUAL TABLE t USING csv(filename="/etc/passwd")',
    "CREATE TABLE t (a INT) DATA DIRECTORY = '/tmp'",
    "CREATE TABLE t (a INT) ENGINE = CONNECT FILE_NAME = '/etc/passwd'",
    'CREATE TABLE t (a INT) ENGINE `federated`',
    "INSERT INTO t SELECT 1 INTO OUTFILE '/tmp/x'",
    "UPDATE t SET a = LOAD_FILE('/etc/passwd')",
    "UPDATE t SET a = `load_file`('/etc/passwd')",
    'DELETE FROM t WHERE SLEEP(10)',
    'UPDATE t SET a = (@b := 1)',
    'DELETE FROM t RETURNING *',
    "LOAD DATA INFILE '/etc/passwd' INTO TABLE t",
    'INSERT INTO t VALUES (1); DROP TABLE t',
    'DELETE FROM t /*!50000 WHERE 1 */',
    "ATTACH '/tmp/x' AS q",
    "VACUUM INTO '/tmp/x'",
    'PRAGMA writable_schema = ON',
    '(DELETE FROM t)',
    'COMMIT',
    '',
  ])('refuses: %s', (sql) => {
    expect(() => assertWrites(sql, dialect)).toThrow(
      expect.objectContaining({
        code: expect.stringMatching(/^(NOT_ALLOWED|MULTIPLE_STATEMENTS|SQL_ERROR)$/),
      }),
    );
  });
});
