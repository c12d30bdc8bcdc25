import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServerProcess } from '@patchbay/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../src/database.ts';
import { openDuckDbDatabase } from '../src/duckdb/duckdb-database.ts';
import { DuckDbInstances } from '../src/duckdb/duckdb-instance.ts';
import { openDuckDbSession } from '../src/duckdb/duckdb-session.ts';
import { outcomeOf, stateOfFile, TARGET, testAttacked } from './attacked.ts';
import { LEGITIMATE } from './legitimate.ts';
import { ATTACKS } from './statements.ts';
import type { EngineUnderTest, TemporaryFolder } from './support.ts';
import { main, makeFolder, QUERY_OPTIONS, runInDuckDb, startEngine } from './support.ts';

describe('on a DuckDB file with the sample tables', () => {
  let engine: EngineUnderTest;
  beforeAll(async () => {
    engine = await startEngine('duckdb', ['--max-cell-chars', '50']);
  });
  afterAll(() => engine[Symbol.asyncDispose]());
  const call = (name: string, args: Record<string, unknown>) => engine.server.callTool(name, args);
  const rowsOf = async (sql: string): Promise<unknown> =>
    ((await call('query', { sql })).structured as { rows: unknown }).rows;

  test.for([
    ["SELECT 1 AS a, 'x' AS a", [[1, 'x']]],
    ['SELECT 9007199254740993, 9007199254740991', [['9007199254740993', 9_007_199_254_740_991]]],
    ['SELECT 170141183460469231731687303715884105727', [['170141183460469231731687303715884105727']]],
    ['SELECT 1.50::DECIMAL(5, 2), -0.001', [['1.50', '-0.001']]],
    ["SELECT '\\x00\\xFF'::BLOB, NULL, true", [['0x00ff', null, true]]],
    ["SELECT '', ' a ', 'Ünïcode 数据 🎉'", [['', ' a ', 'Ünïcode 数据 🎉']]],
    [
      "SELECT DATE '2025-01-31', TIMESTAMP '2025-01-31 10:00:00.5'",
      [['2025-01-31', '2025-01-31 10:00:00.5']],
    ],
    ["SELECT [1, 2], {'a': 'b'}, 'nan'::DOUBLE", [['[1, 2]', "{'a': 'b'}", 'NaN']]],
    ['FROM school.students_scores SELECT count(*)', [[10]]],
    [
      'SELECT count(*), min(registered_on) FROM shop.customers WHERE year(registered_on) = 2025',
      [[16, '2025-01-07']],
    ],
  ] as const)('%s', async ([sql, rows]) => {
    expect(await rowsOf(sql)).toEqual(rows);
  });

  test('tables are listed with their rows and described with their keys', async () => {
    const { tables } = (await call('list_tables', { database: 'shop' })).structured as { tables: unknown[] };
    expect(tables).toContainEqual({ database: 'shop', name: 'orders', type: 'table', rows: 300 });
    expect((await call('describe_table', { table: 'orders' })).structured).toMatchObject({
      columns: expect.arrayContaining([
        { name: 'order_id', type: 'integer', nullable: false, key: 'PRI', default: null },
        { name: 'note', type: 'varchar', nullable: true, key: '', default: null },
      ]),
      foreign_keys: [{ column: 'customer_id', references: 'customers.customer_id' }],
      create_sql: expect.stringMatching(/^CREATE TABLE/),
      engine: expect.stringMatching(/^DuckDB 1\.\d/),
    });
  });

  test('rows and cells beyond the limits are left out', async () => {
    const answer = await call('query', {
      sql: "SELECT repeat('ab', 100) FROM range(1000000000)",
      max_rows: 2,
    });
    const cell = `${'ab'.repeat(25)}… (200 characters)`;
    expect(answer.structured).toMatchObject({ rows: [[cell], [cell]], truncated: true, cut_cells: 2 });
  });
});

describe('on a DuckDB file that is attacked', () => {
  let folder: TemporaryFolder;
  let path: string;
  let database: Database;
  let unguarded: DuckDbInstances;
  const attacks = [
    ...ATTACKS,
    `COPY x TO '${TARGET}'`,
    `EXPLAIN ANALYZE COPY x TO '${TARGET}'`,
    `EXPLAIN ANALYZE /* /* */ SELECT 1 */ COPY x TO '${TARGET}'`,
    `EXPLAIN ANALYZE -- a\rCOPY ( -- \n SELECT 1 -- b\r) TO '${TARGET}'`,
    `SELECT E'\\'; COPY x TO ''${TARGET}''; --'`,
    `EXPORT DATABASE '${TARGET}'`,
    "SELECT * FROM read_text('/etc/passwd')",
    "FROM '/etc/passwd'",
    "SELECT * FROM glob('/etc/*')",
    'INSTALL httpfs',
    'LOAD httpfs',
    'SET enable_external_access = true',
    'SET VARIABLE a = 1',
    'CHECKPOINT',
    'FORCE CHECKPOINT',
    'CALL pragma_version()',
    "SELECT * FROM query('DROP TABLE m')",
  ];

  beforeAll(async () => {
    folder = await makeFolder();
    path = join(folder.path, 'my data.duckdb');
    await runInDuckDb(path, [
      'CREATE TABLE x (id INTEGER PRIMARY KEY, v VARCHAR)',
      "INSERT INTO x VALUES (1, 'a')",
      'CREATE TABLE m (id INT)',
    ]);
    database = openDuckDbDatabase({ kind: 'file', path });
    unguarded = new DuckDbInstances({ kind: 'file', path });
  });
  afterAll(async () => {
    await unguarded[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const runUnguarded = async (sql: string) => {
    await using session = await openDuckDbSession(unguarded, QUERY_OPTIONS);
    return await session.readAll(sql);
  };
  testAttacked(() => ({ database, snapshot: () => stateOfFile(path), runUnguarded }), {
    attacks,
    legitimate: LEGITIMATE.duckdb,
  });

  test('no file outside is read', async () => {
    for (const sql of [
      "SELECT * FROM read_text('/etc/passwd')",
      "FROM '/etc/passwd'",
      "SELECT * FROM glob('/etc/*')",
    ]) {
      expect([sql, await outcomeOf(database.query(sql, QUERY_OPTIONS))]).toEqual([sql, 'SQL_ERROR']);
    }
  });
});

test('each CSV and Parquet file of the workspace is a table, at once when it is there', async () => {
  await using folder = await makeFolder();
  const workspace = join(folder.path, 'workspace');
  await mkdir(join(workspace, 'reports'), { recursive: true });
  await writeFile(join(workspace, 'scores.csv'), 'name,points\nAda,9007199254740993\n"B, ""C""",2\n');
  await writeFile(join(workspace, 'reports', 'my notes.tsv'), 'a\tb\n1\tx\n');
  await writeFile(join(workspace, 'broken.parquet'), 'this is none');
  await symlink('/etc/passwd', join(workspace, 'passwd.csv'));
  await runInDuckDb(':memory:', [`COPY (SELECT 7 AS n) TO '${join(workspace, 'scores.parquet')}'`]);
  await using server = await startServerProcess({
    main,
    args: ['--engine', 'duckdb', '--workspace', workspace],
  });
  const query = async (sql: string): Promise<unknown> => {
    const answer = await server.callTool('query', { sql });
    return answer.isError ? answer.text : (answer.structured as { rows: unknown }).rows;
  };
  const { tables } = (await server.callTool('list_tables')).structured as { tables: { name: string }[] };
  expect(tables.map(({ name }) => name)).toEqual(['reports_my_notes', 'scores', 'scores_parquet']);
  expect(await query('SELECT * FROM scores')).toEqual([
    ['Ada', '9007199254740993'],
    ['B, "C"', 2],
  ]);
  expect(await query('SELECT n, b FROM scores_parquet, reports_my_notes')).toEqual([[7, 'x']]);

  const sql = "SELECT 'new' AS word";
  await server.callTool('export_csv', { sql, file: 'later.csv' });
  expect(await query('FROM later')).toEqual([['new']]);
  await server.callTool('export_csv', {
    sql: 'SELECT 1 AS one, 2 AS two',
    file: 'later.csv',
    overwrite: true,
  });
  expect(await query('FROM later')).toEqual([[1, 2]]);

  const before = await readFile(join(workspace, 'scores.csv'), 'utf8');
  const copy = `COPY (SELECT 1) TO '${join(workspace, 'scores.csv')}'`;
  for (const attack of [copy, `EXPLAIN ANALYZE ${copy}`, `EXPLAIN ANALYZE /* /* */ SELECT 1 */ ${copy}`]) {
    expect(await query(attack)).toMatch(/^READ_ONLY: /);
  }
  expect(await query("FROM '/etc/passwd'")).toMatch(/^SQL_ERROR: /);
  expect(await readFile(join(workspace, 'scores.csv'), 'utf8')).toBe(before);
});

test('a file that is missing or no database is told, and is read as soon as it is right', async () => {
  await using folder = await makeFolder();
  const path = join(folder.path, 'late.duckdb');
  await using server = await startServerProcess({ main, args: ['--duckdb', path] });
  expect((await server.callTool('list_tables')).text).toMatch(/^CONNECTION: DuckDB: /);
  await writeFile(path, 'this is no database, whatever its name says'.repeat(500));
  expect((await server.callTool('list_tables')).text).toMatch(/^CONNECTION: DuckDB: /);
  await rm(path);
  await runInDuckDb(path, ['CREATE TABLE here (id INT)']);
  expect((await server.callTool('list_tables')).structured).toMatchObject({
    tables: [{ database: 'main', name: 'here', rows: 0 }],
  });
});
