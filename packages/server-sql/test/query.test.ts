import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineUnderTest } from './support.ts';
import { ENGINES, startEngine } from './support.ts';

const ENGINE_NAMES = {
  sqlite: /^SQLite \d/,
  duckdb: /^DuckDB \d/,
  mariadb: /^MariaDB \d/,
  mysql: /^MySQL \d/,
};

describe.for(ENGINES)('on %s', (kind) => {
  let engine: EngineUnderTest;
  beforeAll(async () => {
    const limits = ['--max-cell-chars', '50', '--max-result-bytes', '20000'];
    engine = await startEngine(kind, limits);
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  const call = (name: string, args: Record<string, unknown>) => engine.server.callTool(name, args);
  const rowsOf = async (sql: string): Promise<unknown> => {
    const answer = await call('query', { sql });
    expect(answer).toMatchObject({ isError: false });
    return (answer.structured as { rows: unknown }).rows;
  };

  test('a query returns typed columns, rows in order, and what they came from', async () => {
    const sql =
      'SELECT name, mathematics FROM school.students_scores WHERE mathematics > 90 ORDER BY mathematics DESC';
    const answer = await call('query', { sql });
    expect(answer).toMatchObject({
      isError: false,
      structured: {
        rows: [
          ['Chen Jie', 98],
          ['Amara Okafor', 92],
          ['Hiro Tanaka', 91],
        ],
        row_count: 3,
        truncated: false,
        cut_cells: 0,
        read_only: true,
        sample: kind === 'sqlite',
        engine: expect.stringMatching(ENGINE_NAMES[kind]),
        columns: [
          { name: 'name', type: expect.stringContaining('varchar') },
          { name: 'mathematics', type: expect.stringContaining('int') },
        ],
      },
    });
    expect(answer.text).toContain('| Chen Jie | 98 |');
    expect(answer.text).toContain('3 rows.');
    expect(answer.text.includes('Sample data')).toBe(kind === 'sqlite');
  });

  test('tables of both databases can be joined and named in full', async () => {
    const sql = `SELECT c.country, COUNT(*) AS orders FROM shop.orders o JOIN shop.customers c ON c.customer_id = o.customer_id
      GROUP BY c.country ORDER BY orders DESC, c.country LIMIT 1`;
    const [[country, orders]] = (await rowsOf(sql)) as [[string, number]];
    expect(country).toMatch(/^[A-Z]/);
    expect(orders).toBeGreaterThan(20);
    expect(await rowsOf('SELECT COUNT(*) FROM school.students_scores')).toEqual([[10]]);
  });

  test('which users registered in 2025 has one answer on every engine', async () => {
    const sql =
      'SELECT COUNT(*), MIN(registered_on), MAX(registered_on) FROM shop.customers WHERE YEAR(registered_on) = 2025';
    expect(await rowsOf(sql)).toEqual([[16, '2025-01-07', '2025-12-18']]);
  });

  const inEveryDialect = [
    ["SELECT 1 AS a, 'x' AS a", [[1, 'x']]],
    [
      'SELECT 9007199254740993, -9007199254740993, 9007199254740991',
      [['9007199254740993', '-9007199254740993', 9007199254740991]],
    ],
    ["SELECT '', ' a ', 'Ünïcode 数据 🎉', NULL", [['', ' a ', 'Ünïcode 数据 🎉', null]]],
    [
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n',
      [[1], [2], [3]],
    ],
  ] as const;
  const inMySqlsDialect = [
    ["SELECT x'00ff10'", [['0x00ff10']]],
    [
      "SELECT DATE_FORMAT('2025-03-04 05:06:07', '%d/%m/%Y %H:%i'), LEFT('abc', 2), IF(1 > 2, 'y', 'n')",
      [['04/03/2025 05:06', 'ab', 'n']],
    ],
    [
      "SELECT DATE_ADD('2024-01-31', INTERVAL 1 MONTH), DATEDIFF('2024-03-01', '2024-02-01')",
      [['2024-02-29', 29]],
    ],
    ['SELECT 2 FROM DUAL', [[2]]],
    ['SELECT name FROM `school`.`students_scores` ORDER BY student_id LIMIT 2, 1', [['Chen Jie']]],
    // Text is compared without regard to case.
    ["SELECT name FROM students_scores WHERE name = 'CHEN JIE'", [['Chen Jie']]],
  ] as const;
  test.for([...inEveryDialect, ...(kind === 'duckdb' ? [] : inMySqlsDialect)])('%s', async ([sql, rows]) => {
    expect(await rowsOf(sql)).toEqual(rows);
  });

  test('rows beyond the limit are left out, and the answer says so', async () => {
    const sql = 'SELECT order_id FROM shop.orders ORDER BY order_id';
    const answer = await call('query', { sql, max_rows: 2 });
    expect(answer.structured).toMatchObject({
      rows: [[1], [2]],
      row_count: 2,
      total_rows: null,
      truncated: true,
    });
    expect(answer.text).toContain('There are more');
    expect((await call('query', { sql: `${sql} LIMIT 2`, max_rows: 2 })).structured).toMatchObject({
      truncated: false,
    });
    expect((await call('query', { sql: `${sql} LIMIT 200`, max_rows: 3 })).structured).toMatchObject({
      row_count: 3,
      truncated: true,
    });
  });

  test('bytes beyond the limit are left out, and long cells are cut', async () => {
    const wide = await call('query', { sql: 'SELECT o.*, p.* FROM shop.orders o, shop.products p' });
    expect(wide.structured).toMatchObject({ truncated: true, total_rows: null });
    expect(JSON.stringify((wide.structured as { rows: unknown }).rows).length).toBeLessThan(21_000);
    const counted = await call('query', {
      sql: 'SELECT o.*, p.* FROM shop.orders o, shop.products p ORDER BY 1 LIMIT 900',
    });
    expect(counted.structured).toMatchObject({ truncated: true, total_rows: 900 });
    expect(counted.text).toContain('There are 900 in all');
    const long = await call('query', { sql: "SELECT REPEAT('ab', 100), REPEAT('c', 50)" });
    expect(long.structured).toMatchObject({
      cut_cells: 1,
      truncated: false,
      rows: [[`${'ab'.repeat(25)}… (200 characters)`, 'c'.repeat(50)]],
    });
    expect(long.text).toContain('cut');
  });

  test('a statement that runs too long is stopped, and the next one runs', async () => {
    const slow = `SELECT COUNT(*) FROM shop.order_items a, shop.order_items b, shop.order_items c, shop.order_items d
      WHERE a.quantity + b.quantity + c.quantity + d.quantity = 0`;
    // A server of its own: the others get all the time that a busy machine may take. SQLite's process has to start in it.
    const limitMs = kind === 'sqlite' ? 1000 : 300;
    await using hasty = await startEngine(kind, ['--timeout-ms', String(limitMs)]);
    const answer = await hasty.server.callTool('query', { sql: slow });
    expect(answer).toMatchObject({
      isError: true,
      text: expect.stringContaining(`stopped after ${limitMs / 1000} s`),
    });
    const next = await hasty.server.callTool('query', { sql: 'SELECT 1' });
    expect(next.structured).toMatchObject({ rows: [[1]] });
  });

  test('a cancelled call stops its statement, and the next one runs', async () => {
    const controller = new AbortController();
    const slow =
      'SELECT COUNT(*) FROM shop.order_items a, shop.order_items b, shop.order_items c, shop.order_items d';
    const pending = engine.server.callTool('query', { sql: slow }, controller.signal);
    controller.abort();
    await expect(pending).rejects.toThrow(/abort/i);
    expect(await rowsOf('SELECT 1')).toEqual([[1]]);
  });

  test('calls at the same time each get their own answer', async () => {
    const calls = Array.from({ length: 12 }, (_, index) =>
      rowsOf(`SELECT ${index}, COUNT(*) FROM shop.orders`),
    );
    expect(await Promise.all(calls)).toEqual(calls.map((_, index) => [[index, 300]]));
  });

  test.for([
    ['DROP TABLE school.students_scores', 'READ_ONLY'],
    ["INSERT INTO school.students_scores VALUES (11, 'x', 1, 1, 1)", 'READ_ONLY'],
    ['SELECT 1; SELECT 2', 'MULTIPLE_STATEMENTS'],
    ['SELEC 1', 'READ_ONLY'],
    ['SELECT FROM WHERE', 'SQL_ERROR'],
    ['SELECT * FROM no_such_table', 'SQL_ERROR'],
    ...(kind === 'sqlite' ? [] : [['SHOW TABLES FROM no_such_database', 'SQL_ERROR'] as const]),
    ['SELECT no_such_column FROM school.students_scores', 'SQL_ERROR'],
    ["SELECT 'open", 'READ_ONLY'],
    ['   ', 'SQL_ERROR'],
    ['-- nothing', 'SQL_ERROR'],
  ] as const)('%s is answered with %s', async ([sql, code]) => {
    const answer = await call('query', { sql });
    expect(answer.isError).toBe(true);
    expect(answer.text.slice(0, code.length + 2)).toBe(`${code}: `);
    expect(answer.structured).toBeUndefined();
  });

  test.for([
    [2 ** 53, /9007199254740992 among the params is too long for a JSON number .*\nSend it as a string/],
    [{ a: 1 }, /params\.0: must be a text of at most \d+ characters, a number, true, false or null\n/],
  ] as const)('the param %j is refused', async ([param, reason]) => {
    const answer = await call('query', { sql: 'SELECT ?', params: [param] });
    expect(answer.text).toMatch(reason);
  });
});
