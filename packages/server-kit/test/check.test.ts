import { McpServer } from '@modelcontextprotocol/server';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { addTool, READ_ONLY, ToolError } from '../src/index.ts';
import { selfTest } from '../src/self-test.ts';
import { startFixture } from './fixtures/process.ts';

test('--check shows as JSON what the server offers and that it can work, and ends', async () => {
  const { code, stdout, stderr } = await startFixture(['--check']).ended;
  expect(JSON.parse(stdout)).toEqual({
    ok: true,
    name: 'fixture',
    version: '1.2.3',
    node: process.versions.node,
    tools: ['echo', 'fail', 'slow', 'big'],
    call: { tool: 'echo', arguments: { text: 'abc' }, ms: expect.any(Number), answer: '3' },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'closing starts\nclosed\n' });
});

test.for([
  [['--check', '--open', 'fails'], 1, { code: 'START', message: 'the disk is on fire' }],
  [['--check', '--port', 'x'], 2, { code: 'SETTINGS', message: expect.stringContaining('--port: ') }],
  [['--nope', '--check'], 2, { code: 'SETTINGS', message: expect.stringContaining("'--nope'") }],
] as const)('%j ends with %i and says why, as JSON', async ([args, code, error]) => {
  const ended = await startFixture(args).ended;
  expect(ended.code).toBe(code);
  expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, name: 'fixture', error });
});

test('a call that fails is the error that a model would read', async () => {
  const server = new McpServer({ name: 'broken', version: '1' });
  addTool(server, {
    name: 'ask',
    title: 'Ask',
    description: 'Asks a service',
    input: z.object({}),
    output: z.object({}),
    hints: READ_ONLY,
    run() {
      throw new ToolError('NETWORK', 'the service cannot be reached', { hint: 'Connect.' });
    },
  });
  expect(await selfTest(server, { tool: 'ask' })).toEqual({
    tools: ['ask'],
    call: { tool: 'ask', ms: expect.any(Number) },
    error: { code: 'NETWORK', message: 'the service cannot be reached', hint: 'Connect.' },
  });
});

test('a call of a tool that there is not is an error too', async () => {
  const server = new McpServer({ name: 'empty', version: '1' }, { capabilities: { tools: {} } });
  const { error } = await selfTest(server, { tool: 'gone' });
  expect(error).toMatchObject({ code: 'PROTOCOL' });
});
