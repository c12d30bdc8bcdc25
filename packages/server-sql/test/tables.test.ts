import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineUnderTest } from './support.ts';
import { ENGINES, startEngine } from './support.ts';
import { testSurface } from './surface.ts';

const DESCRIBED = {
  sqlite: /SQLite \d[^]*SAMPLE DATA/,
  duckdb: /DuckDB/,
  mariadb: /MySQL|MariaDB/,
  mysql: /MySQL|MariaDB/,
};

describe.for(ENGINES)('on %s', (kind) => {
  let engine: EngineUnderTest;
  beforeAll(async () => {
    engine = await startEngine(kind);
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  const call = (name: string, args: Record<string, unknown>) => engine.server.callTool(name, args);

  test('tables are listed with their rows, for one database or as configured', async () => {
    const shop = (await call('list_tables', { database: 'shop' })).structured as {
      tables: { name: string; type: string; rows: number }[];
    };
    expect(shop.tables.map(({ name }) => name)).toEqual(['customers', 'order_items', 'orders', 'products']);
    expect(shop.tables.every(({ type, rows }) => type === 'table' && rows > 0)).toBe(true);
    const all = (await call('list_tables', {})).structured as {
      tables: { database: string }[];
      other_databases: string[];
    };
    const named = [...new Set(all.tables.map(({ database }) => database)), ...all.other_databases];
    expect(named).toEqual(expect.arrayContaining(['school', 'shop']));
    expect(await call('list_tables', { database: 'shopp' })).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^UNKNOWN_DATABASE: .*\n.*shop/),
    });
  });

  test('a table is described with keys, first rows and its CREATE statement', async () => {
    const answer = await call('describe_table', { table: 'orders' });
    expect(answer.structured).toMatchObject({
      database: 'shop',
      name: 'orders',
      type: 'table',
      foreign_keys: [{ column: 'customer_id', references: 'customers.customer_id' }],
      create_sql: expect.stringMatching(/^CREATE TABLE/),
    });
    const { columns, first_rows: rows } = answer.structured as {
      columns: { name: string; nullable: boolean; key: string; default: null }[];
      first_rows: unknown[];
    };
    expect(columns.map(({ name, nullable }) => [name, nullable])).toEqual([
      ['order_id', false],
      ['customer_id', false],
      ['ordered_at', false],
      ['status', false],
      ['note', true],
    ]);
    expect(columns[0]).toMatchObject({ key: 'PRI', default: null });
    expect(columns[4]).toMatchObject({ default: null });
    expect(rows).toHaveLength(3);
    expect(answer.text).toContain('customer_id refers to customers.customer_id');
  });

  test.for([
    [{ table: 'ordrs' }, 'shop.orders'],
    [{ table: 'shop.customer' }, 'shop.customers'],
    [{ table: 'orders', database: 'school' }, 'shop.orders'],
    [{ table: 'orders; DROP TABLE x' }, 'list_tables'],
    [{ table: "x' OR '1'='1" }, 'list_tables'],
  ] as const)('%j is unknown, and the nearest name is told', async ([args, hint]) => {
    for (const tool of ['describe_table', 'export_csv']) {
      const answer = await call(tool, args);
      expect(answer).toMatchObject({ isError: true, text: expect.stringMatching(/^UNKNOWN_TABLE: /) });
      expect(answer.text).toContain(hint);
    }
  });

  testSurface(() => engine);

  test('every tool says which engine answers and sets all hints', async () => {
    const tools = await engine.server.listTools();
    const names = ['query', 'list_tables', 'describe_table', 'export_csv', 'explain'];
    expect(tools.map(({ name }) => name)).toEqual(names);
    for (const { name, description = '', annotations } of tools) {
      expect(description.length).toBeLessThanOrEqual(600);
      expect(description).toMatch(DESCRIBED[kind]);
      expect(annotations).toMatchObject({ readOnlyHint: name !== 'export_csv', openWorldHint: false });
    }
  });
});
