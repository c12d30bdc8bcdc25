import { startServerProcess } from '@patchbay/testing';
import { describe, expect, test } from 'vitest';
import { fixture } from './fixtures/process.ts';

const start = (era: 'legacy' | 'modern' = 'modern') => startServerProcess({ main: fixture, era });

describe.for(['legacy', 'modern'] as const)('a tool called by a %s client', (era) => {
  test('answers with text and the data that its schema names', async () => {
    await using server = await start(era);
    expect(await server.callTool('echo', { text: 'four' })).toMatchObject({
      text: '4',
      structured: { length: 4 },
      isError: false,
    });
  });

  test('that throws a ToolError answers with its code, message and hint', async () => {
    await using server = await start(era);
    const answer = await server.client.callTool({ name: 'fail', arguments: { how: 'known' } });
    expect(answer).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'GONE: it is gone\nLook elsewhere.' }],
      _meta: { 'patchbay/error': { code: 'GONE', message: 'it is gone', hint: 'Look elsewhere.' } },
    });
    expect(server.stderr()).toBe('');
  });

  test('that makes a mistake answers INTERNAL, and the stack goes to stderr', async () => {
    await using server = await start(era);
    const answer = await server.callTool('fail', { how: 'unknown' });
    expect(answer).toMatchObject({ isError: true, text: 'INTERNAL: a mistake' });
    await expect.poll(() => server.stderr()).toMatch(/^fixture: fail: TypeError: a mistake\n +at /);
    expect(await server.callTool('echo', { text: '' })).toMatchObject({ text: '0' });
  });

  test('whose answer breaks its own schema answers INTERNAL', async () => {
    await using server = await start(era);
    const answer = await server.callTool('fail', { how: 'output' });
    expect(answer.isError).toBe(true);
    expect(answer.text).toMatch(/^INTERNAL: /);
  });

  test.for([
    [{}, 'INVALID_INPUT: text: Invalid input: expected string, received undefined'],
    [{ text: 5 }, 'INVALID_INPUT: text: Invalid input: expected string, received number'],
    [{ text: 'longer' }, 'INVALID_INPUT: text: Too big: expected number to be <=5'],
  ] as const)('refuses %j with the field and the reason', async ([args, message]) => {
    await using server = await start(era);
    const answer = await server.callTool('echo', args);
    expect(answer).toMatchObject({ isError: true, text: `${message}\nSee the tool's input schema.` });
  });
});

test.for([
  [{ txet: 'a', text: 'a' }, 'txet: there is no such argument, did you mean text?'],
  [
    { txet: 'a' },
    'txet: there is no such argument, did you mean text?; text: Invalid input: expected string, received undefined',
  ],
  [{ text: 'a', verbose: true }, 'verbose: there is no such argument'],
  [{ text: 'a', constructor: 'a' }, 'constructor: there is no such argument'],
  [{ text: 'a', ['x\u001B'.repeat(99)]: 1 }, `${'x '.repeat(50)}…: there is no such argument`],
] as const)('refuses the names of %j that it does not have', async ([args, message]) => {
  await using server = await start();
  expect(await server.callTool('echo', args)).toMatchObject({
    isError: true,
    text: `INVALID_INPUT: ${message}\nThe tool takes text.`,
  });
});

test('a tool without arguments says so', async () => {
  await using server = await start();
  expect(await server.callTool('big', { size: 5 })).toMatchObject({
    isError: true,
    text: 'INVALID_INPUT: size: there is no such argument\nThe tool takes no arguments.',
  });
});

test('the published schema is that of the input, with its hints', async () => {
  await using server = await start();
  const [echo] = await server.listTools();
  expect(echo).toMatchObject({
    name: 'echo',
    title: 'Echo',
    inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
    outputSchema: { type: 'object', properties: { length: { type: 'number' } } },
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  });
});

test.for([
  [{ text: 'a\0b' }, 'text'],
  [{ text: 'half \uD83D' }, 'text'],
  [{ text: 'a', more: { deep: ['\uDE00'] } }, 'more.deep.0'],
  [{ text: 'a', 'na\0me': 1 }, 'a name in arguments'],
] as const)(
  'text that no file or service takes is refused, and where it is told: %j',
  async ([args, where]) => {
    await using server = await start();
    expect(await server.callTool('echo', args)).toMatchObject({
      isError: true,
      text: `INVALID_INPUT: ${where}: text cannot hold a NUL or half a character\nSend the text without it.`,
    });
  },
);

test.for(['legacy', 'modern'] as const)('a %s client that asks how far a call is hears it', async (era) => {
  await using server = await start(era);
  const steps: unknown[] = [];
  await server.client.callTool({ name: 'slow' }, { onprogress: (step) => steps.push(step) });
  expect(steps).toEqual([{ progress: 1, total: 2, message: 'half way' }]);
});

test.for(['legacy', 'modern'] as const)('a call cancelled by a %s client aborts its signal', async (era) => {
  await using server = await start(era);
  const cancel = new AbortController();
  const outcome = server.callTool('slow', { forever: true }, cancel.signal).catch(String);
  await expect.poll(() => server.stderr()).toContain('slow starts');
  cancel.abort();
  expect(await outcome).toMatch(/abort/i);
  await expect.poll(() => server.stderr()).toContain('slow is cancelled');
  expect(await server.callTool('echo', { text: 'a' })).toMatchObject({ text: '1' });
});
