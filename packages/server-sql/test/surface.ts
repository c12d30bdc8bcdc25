import { expect, test } from 'vitest';
import type { EngineUnderTest } from './support.ts';

/** What every engine offers besides rows: params, plans, resources, prompts. The engine is there once tests run. */
export function testSurface(engine: () => EngineUnderTest): void {
  const call = (name: string, args: Record<string, unknown>) => engine().server.callTool(name, args);
  const rowsOf = async (sql: string): Promise<unknown> =>
    ((await call('query', { sql })).structured as { rows: unknown }).rows;

  test('params stand in the places of question marks outside quotes, whatever is in them', async () => {
    const sql = "SELECT ?, ?, ?, '?', 5-?, ? IS NULL AS n -- ?";
    const params = ["a'; DROP TABLE x -- \\' ?", -1.5, true, -3, null];
    const answer = await call('query', { sql, params });
    expect(answer).toMatchObject({ isError: false });
    const { rows } = answer.structured as { rows: unknown[][] };
    const [text, number, flag, question, difference, isNull] = rows[0] ?? [];
    expect([text, Number(number), Number(flag), question, difference, Number(isNull)]).toEqual([
      params[0],
      -1.5,
      1,
      '?',
      8,
      1,
    ]);
    const found = await call('query', {
      sql: 'SELECT name FROM school.students_scores WHERE name LIKE ? ORDER BY name LIMIT ?',
      params: ['%e%', 1],
    });
    expect(found.structured).toMatchObject({ row_count: 1, truncated: false });
  });

  test.for([
    ['SELECT ?', undefined, 'has 1 "?" and 0 params'],
    ['SELECT ?', [1, 2], 'has 1 "?" and 2 params'],
    ["SELECT '?'", ['x'], 'has 0 "?" and 1 params'],
    ['SELECT ?', ['a\0b'], 'NUL'],
    ['SELECT ?', [{ a: 1 }], 'params.0'],
  ] as const)('%s with %j is refused', async ([sql, params, reason]) => {
    const answer = await call('query', { sql, ...(params && { params }) });
    expect(answer).toMatchObject({ isError: true, text: expect.stringMatching(/^INVALID_INPUT: /) });
    expect(answer.text).toContain(reason);
  });

  test('a plan names the tables that are read, and nothing is run', async () => {
    const slow = `SELECT a.product_id, SUM(d.quantity) FROM shop.order_items a, shop.order_items b, shop.order_items c,
      shop.order_items d WHERE a.quantity + b.quantity + c.quantity < d.quantity GROUP BY a.product_id`;
    const answer = await call('explain', { sql: slow });
    expect(answer).toMatchObject({
      isError: false,
      structured: { truncated: false, engine: expect.any(String) },
    });
    const { plan } = answer.structured as { plan: string };
    expect(plan.split('\n').length).toBeGreaterThan(3);
    expect(plan).toMatch(/order_items|\ba\b[^]*\bd\b/);
  });

  test('params do not make a text readable that is none', async () => {
    const answer = await call('query', { sql: "SELECT ?, 'open", params: [1] });
    expect(answer).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^READ_ONLY: A string does not end/),
    });
  });

  test.for([
    ['DELETE FROM school.students_scores', 'READ_ONLY'],
    ['ANALYZE SELECT 1', 'READ_ONLY'],
    ['SHOW TABLES', 'SQL_ERROR'],
    ['EXPLAIN SELECT 1', 'SQL_ERROR'],
    ['SELECT 1; SELECT 2', 'MULTIPLE_STATEMENTS'],
    ['SELECT nix FROM school.students_scores', 'SQL_ERROR'],
  ] as const)('there is no plan for %s: %s', async ([sql, code]) => {
    const answer = await call('explain', { sql });
    expect(answer.isError).toBe(true);
    expect(answer.text.slice(0, code.length + 2)).toBe(`${code}: `);
  });

  test('a server that only reads has no tool that writes', async () => {
    await expect(call('execute', { sql: 'DELETE FROM school.students_scores' })).rejects.toThrow('execute');
    expect(await rowsOf('SELECT COUNT(*) FROM school.students_scores')).toEqual([[10]]);
  });

  test('the schema and each table are resources', async () => {
    const { client } = engine().server;
    const { contents } = await client.readResource({ uri: 'sql://schema' });
    expect(contents[0]).toMatchObject({
      mimeType: 'text/plain',
      text: expect.stringMatching(/^shop\.orders \(.*customer_id \S+(?: \S+)? → customers\.customer_id/m),
    });
    const { resources } = await client.listResources();
    const uris = resources.map(({ uri }) => uri);
    expect(uris).toEqual(expect.arrayContaining(['sql://schema', 'sql://table/shop.orders']));
    for (const uri of ['sql://table/shop.orders', 'sql://table/orders']) {
      const table = await client.readResource({ uri });
      expect(table.contents[0]).toMatchObject({ uri, text: expect.stringContaining('table shop.orders') });
    }
    await expect(client.readResource({ uri: 'sql://table/ordrs' })).rejects.toThrow(
      /UNKNOWN_TABLE: .*shop\.orders/,
    );
    await expect(client.readResource({ uri: 'sql://table/%FF' })).rejects.toThrow('UNKNOWN_TABLE');
  });

  test('prompts bring the table along and complete its name', async () => {
    const { client } = engine().server;
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(['explore_database', 'analyze_table']);
    const explore = await client.getPrompt({ name: 'explore_database' });
    expect(explore.messages[0]?.content).toMatchObject({ text: expect.stringContaining('list_tables') });
    const args = { table: 'shop.orders', question: 'Which month sold most?' };
    const analyze = await client.getPrompt({ name: 'analyze_table', arguments: args });
    const text = expect.stringMatching(/^Which month sold most\?[^]*ordered_at[^]*2023-03-31/);
    expect(analyze.messages[0]?.content).toMatchObject({ type: 'text', text });
    const blank = await client.getPrompt({ name: 'analyze_table', arguments: { ...args, question: '' } });
    expect(blank.messages[0]?.content).toMatchObject({ text: expect.stringMatching(/^What stands out: /) });
    const unknown = client.getPrompt({ name: 'analyze_table', arguments: { table: 'ordrs' } });
    await expect(unknown).rejects.toThrow('UNKNOWN_TABLE');
    const ref = { type: 'ref/prompt' as const, name: 'analyze_table' };
    const { completion } = await client.complete({ ref, argument: { name: 'table', value: 'ord' } });
    expect(completion.values).toEqual(['shop.order_items', 'shop.orders']);
  });
}
