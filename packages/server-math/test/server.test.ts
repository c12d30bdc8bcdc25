import { startServerProcess } from '@patchbay/testing';
import { expect, test } from 'vitest';

const main = new URL('../src/main.ts', import.meta.url);

test.for(['legacy', 'modern'] as const)('a %s client calculates over stdio', async (era) => {
  await using server = await startServerProcess({ main, era });
  expect(await server.callTool('add', { a: 0.1, b: '0.2' })).toMatchObject({
    text: '0.3',
    structured: { result: '0.3', exact: true },
    isError: false,
  });
  expect(await server.callTool('multiply', { a: 17, b: 23 })).toMatchObject({ text: '391', isError: false });
  const big = await server.callTool('multiply', { a: '12345678901234567890', b: '98765432109876543210' });
  expect(big.text).toBe((12345678901234567890n * 98765432109876543210n).toString());
  expect(await server.callTool('calculate', { expression: '2 × pi', precision: 5 })).toMatchObject({
    text: '6.2832',
    structured: { result: '6.2832', exact: false },
  });
});

test('every tool says what it is and that it changes nothing', async () => {
  await using server = await startServerProcess({ main });
  const tools = await server.listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    'add',
    'subtract',
    'multiply',
    'divide',
    'calculate',
    'statistics',
    'convert_units',
    'solve_linear',
    'number_info',
  ]);
  for (const tool of tools) {
    expect(tool.description?.length).toBeLessThanOrEqual(600);
    expect(tool.outputSchema).toBeDefined();
    expect(tool.annotations).toEqual({
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    });
  }
});

test('what cannot be computed is an error that the model reads', async () => {
  await using server = await startServerProcess({ main });
  const division = await server.callTool('calculate', { expression: '1 / 0' });
  expect(division).toMatchObject({ isError: true, text: 'DIVISION_BY_ZERO: Position 3: division by zero' });
  const huge = await server.callTool('add', { a: Number('12345678901234567890'), b: 1 });
  expect(huge).toMatchObject({ isError: true });
  expect(huge.text).toContain('Send it as a string');
  expect(await server.callTool('add', { a: '1,5', b: 1 })).toMatchObject({ isError: true });
  for (const args of [{}, { a: 1 }, { a: null, b: 1 }, { a: true, b: 1 }, { a: '9'.repeat(30_000), b: 1 }]) {
    expect(await server.callTool('add', args)).toMatchObject({ isError: true });
  }
  for (const args of [
    { expression: '1'.repeat(2001) },
    { expression: '1', precision: 101 },
    { expression: 1 },
  ]) {
    expect(await server.callTool('calculate', args)).toMatchObject({ isError: true });
  }
  expect(await server.callTool('add', { a: 1, b: 2 })).toMatchObject({ text: '3' });
});
