import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DuckDBInstance } from '@duckdb/node-api';
import type { ServerProcess } from '@patchbay/testing';
import { startServerProcess } from '@patchbay/testing';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cell } from '../src/database.ts';
import type { EngineKind, TemporaryFolder } from './support.ts';
import { ENGINES, main, makeFolder, runInDuckDb, urlOf } from './support.ts';

/** A column, the SQL of its value, the cell that is expected, and what a Parquet file of it holds, where that differs. */
type Value = readonly [column: string, type: string, sql: string, cell: Cell, inParquet?: string];

const TEXT: readonly Value[] = [
  ['face', 'VARCHAR(40)', "'数据 🎉 e\u0301'", '数据 🎉 e\u0301'],
  ['quoted', 'VARCHAR(40)', '\' a, "b"\r\n c \'', ' a, "b"\r\n c '],
  ['missing', 'VARCHAR(40)', 'NULL', null],
  ['nil', 'VARCHAR(40)', "''", ''],
  ['digits', 'VARCHAR(40)', "'007'", '007'],
  ['big', 'BIGINT', '9007199254740993', '9007199254740993'],
  ['small', 'BIGINT', '-42', -42],
  ['part', 'DOUBLE', '0.1', 0.1],
];

const ON_MYSQL: readonly Value[] = [
  ...TEXT,
  ['most', 'BIGINT UNSIGNED', '18446744073709551615', '18446744073709551615'],
  ['exact', 'DECIMAL(30, 10)', '12345678901234567890.1234567890', '12345678901234567890.1234567890'],
  ['doc', 'JSON', `'{"a": 9007199254740993}'`, '{"a": 9007199254740993}'],
  ['zero_day', 'DATE', "'0000-00-00'", '0000-00-00'],
  ['zero_time', 'DATETIME', "'0000-00-00 00:00:00'", '0000-00-00 00:00:00'],
  ['no_day', 'DATE', "'2025-02-00'", '2025-02-00'],
  ['instant', 'DATETIME(6)', "'2025-03-30 02:30:00.123456'", '2025-03-30 02:30:00.123456'],
  ['span', 'TIME', "'838:59:59'", '838:59:59'],
  ['back', 'TIME(3)', "'-100:00:00.5'", '-100:00:00.500'],
  ['flags', 'BIT(10)', "b'1000000001'", '0x0201', '\\x02\\x01'],
  ['raw', 'VARBINARY(10)', "x'00ff80'", '0x00ff80', '\\x00\\xFF\\x80'],
  ['chinese', 'VARCHAR(10) CHARACTER SET gbk', "'中文'", '中文'],
  ['western', 'VARCHAR(10) CHARACTER SET latin1', "'Ünï€'", 'Ünï€'],
  ['year_of', 'YEAR', '1999', 1999],
  ['one_of', "ENUM('a', 'b')", "'b'", 'b'],
  ['filled', 'INT(5) ZEROFILL', '42', 42],
];

const VALUES: Readonly<Record<EngineKind, readonly Value[]>> = {
  sqlite: [
    ...TEXT,
    ['doc', 'JSON', `'{"a": 9007199254740993}'`, '{"a": 9007199254740993}'],
    ['zero_day', 'DATE', "'0000-00-00'", '0000-00-00'],
    ['span', 'TIME', "'838:59:59'", '838:59:59'],
    ['loose', 'INTEGER', "'no number'", 'no number'],
    ['raw', 'BLOB', "x'00ff80'", '0x00ff80', '\\x00\\xFF\\x80'],
  ],
  duckdb: [
    ...TEXT.map(([column, type, sql, cell, inParquet]): Value => [
      column,
      type.replace('VARCHAR(40)', 'VARCHAR'),
      sql,
      cell,
      inParquet,
    ]),
    ['most', 'UBIGINT', '18446744073709551615', '18446744073709551615'],
    ['huge', 'HUGEINT', '170141183460469231731687303715884105727', '170141183460469231731687303715884105727'],
    ['exact', 'DECIMAL(30, 10)', '12345678901234567890.1234567890', '12345678901234567890.1234567890'],
    ['doc', 'JSON', `'{"a": 9007199254740993}'`, '{"a": 9007199254740993}'],
    ['span', 'INTERVAL', "'838:59:59'", '838:59:59'],
    ['flags', 'BIT', "'1000000001'::BIT", '1000000001'],
    ['raw', 'BLOB', "'\\x00\\xFF\\x80'::BLOB", '0x00ff80', '\\x00\\xFF\\x80'],
    ['instant', 'TIMESTAMP', "'2025-03-30 02:30:00.123456'", '2025-03-30 02:30:00.123456'],
  ],
  mariadb: ON_MYSQL,
  mysql: ON_MYSQL,
};

async function fill(kind: EngineKind, folder: string): Promise<Record<string, string>> {
  const values = VALUES[kind];
  const table = `CREATE TABLE exact (${values.map(([name, type]) => `${name} ${type}`).join(', ')})`;
  const insert = `INSERT INTO exact VALUES (${values.map(([, , sql]) => sql).join(', ')})`;
  if (kind === 'duckdb') {
    const path = join(folder, 'exact.duckdb');
    await runInDuckDb(path, [table, insert]);
    return { DUCKDB_FILE: path };
  }
  if (kind === 'sqlite') {
    const path = join(folder, 'exact.db');
    using file = new DatabaseSync(path);
    file.exec(`${table}; ${insert}`);
    return { SQLITE_FILE: path };
  }
  await using admin = await mysql.createConnection({
    uri: urlOf(kind),
    multipleStatements: true,
    charset: 'utf8mb4',
  });
  await admin.query(
    "SET sql_mode = ''; DROP DATABASE IF EXISTS exact; CREATE DATABASE exact CHARACTER SET utf8mb4; USE exact",
  );
  await admin.query(`${table}; ${insert}`);
  return { MYSQL_URL: `${urlOf(kind)}/exact` };
}

/** What DuckDB reads in a file, each cell as text. */
async function readWithDuckDb(from: string): Promise<readonly (string | null)[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(`SELECT COLUMNS(*)::VARCHAR FROM ${from}`);
  const [row = []] = reader.getRows();
  connection.closeSync();
  instance.closeSync();
  return row.map((cell) => (cell === null ? null : String(cell)));
}

const asText = (cell: Cell): string | null => (cell === null ? null : String(cell));

describe.for(ENGINES)('on %s', (kind) => {
  let folder: TemporaryFolder;
  let server: ServerProcess;
  const cells = VALUES[kind].map(([, , , cell]) => cell);
  const names = VALUES[kind].map(([name]) => name);
  beforeAll(async () => {
    folder = await makeFolder();
    const env = { ...(await fill(kind, folder.path)), PATCHBAY_WORKSPACE: folder.path };
    server = await startServerProcess({ main, env });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const exportTo = async (file: string, sql = 'SELECT * FROM exact'): Promise<string> => {
    const answer = await server.callTool('export_csv', { sql, file, overwrite: true });
    expect(answer).toMatchObject({ isError: false, structured: { rows: 1, path: file } });
    return join(folder.path, file);
  };

  test('each value of a query is what the database holds', async () => {
    const answer = await server.callTool('query', { sql: 'SELECT * FROM exact' });
    const { columns, rows } = answer.structured as { columns: { name: string }[]; rows: Cell[][] };
    const found = (rows[0] ?? []).map((cell, index) => [columns[index]?.name, cell]);
    expect(found).toEqual(names.map((name, index) => [name, cells[index]]));
  });

  test('a CSV file that another program opens holds the same', async () => {
    const path = await exportTo('exact.csv');
    const found = await readWithDuckDb(
      `read_csv('${path}', all_varchar = true, header = true, nullstr = '', allow_quoted_nulls = false)`,
    );
    expect(found).toEqual(cells.map(asText));
  });

  test('so does a JSON file', async () => {
    const rows: unknown = JSON.parse(await readFile(await exportTo('exact.json'), 'utf8'));
    expect(rows).toEqual([Object.fromEntries(names.map((name, index) => [name, cells[index]]))]);
  });

  test('so does a Parquet file, with types where they fit', async () => {
    const path = await exportTo('exact.parquet');
    const found = await readWithDuckDb(`'${path}'`);
    expect(found).toEqual(VALUES[kind].map(([, , , cell, inParquet]) => inParquet ?? asText(cell)));
    const types = `(SELECT typeof(big), typeof(small), typeof(part), typeof(digits) FROM '${path}')`;
    expect(await readWithDuckDb(types)).toEqual(['BIGINT', 'BIGINT', 'DOUBLE', 'VARCHAR']);
  });

  test('columns of one name all survive, in every kind of file', async () => {
    const sql = "SELECT 1 AS a, 'x' AS a, 2 AS A";
    expect((await server.callTool('query', { sql })).structured).toMatchObject({ rows: [[1, 'x', 2]] });
    expect(await readFile(await exportTo('twice.csv', sql), 'utf8')).toMatch(/^a,a,[aA]\r\n1,x,2\r\n$/);
    const json: unknown = JSON.parse(await readFile(await exportTo('twice.json', sql), 'utf8'));
    expect(json).toEqual([expect.objectContaining({ a: 1, a_2: 'x' })]);
    expect(await readWithDuckDb(`'${await exportTo('twice.parquet', sql)}'`)).toEqual(['1', 'x', '2']);
  });

  test('exports are resources', async () => {
    await exportTo('sub/one.json', 'SELECT 1 AS n');
    const { resources } = await server.client.listResources();
    const listed = { uri: 'sql://export/sub%2Fone.json', name: 'sub/one.json', mimeType: 'application/json' };
    expect(resources).toContainEqual(expect.objectContaining(listed));
    const { contents } = await server.client.readResource({ uri: 'sql://export/sub%2Fone.json' });
    expect(contents[0]).toMatchObject({ mimeType: 'application/json', text: '[\n{"n":1}\n]\n' });
    const parquet = await exportTo('one.parquet', 'SELECT 1 AS n');
    const read = await server.client.readResource({ uri: 'sql://export/one.parquet' });
    expect(read.contents[0]).toMatchObject({ blob: (await readFile(parquet)).toString('base64') });
    for (const name of ['none.csv', '..%2Fx.csv', 'exact.db', '%2Fetc%2Fpasswd']) {
      const pending = server.client.readResource({ uri: `sql://export/${name}` });
      await expect(pending).rejects.toThrow(/UNKNOWN_EXPORT|PATH_OUTSIDE/);
    }
  });
});
