import { startServerProcess } from '@patchbay/testing';
import { expect, test } from 'vitest';

const main = new URL('../src/main.ts', import.meta.url);

test.for(['legacy', 'modern'] as const)('greets a %s client over stdio', async (era) => {
  await using server = await startServerProcess({ main, era });
  expect(await server.callTool('greet', { name: 'Ada' })).toEqual({
    text: 'Hello, Ada.',
    structured: { greeting: 'Hello, Ada.' },
    isError: false,
    content: [{ type: 'text', text: 'Hello, Ada.' }],
  });
});

test('refuses an empty name, and answers the next call', async () => {
  await using server = await startServerProcess({ main });
  const refused = await server.callTool('greet', { name: ' ' });
  expect(refused).toMatchObject({ isError: true, text: expect.stringMatching(/^INVALID_INPUT: name: /u) });
  expect(await server.callTool('greet', { name: 'Ada' })).toMatchObject({ isError: false });
});
