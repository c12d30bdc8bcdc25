import { expect, test } from 'vitest';
import { call, handshake, startFixture } from './fixtures/process.ts';

/** What a server logs about two calls, the second of which fails by a mistake. */
async function logOf(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const server = startFixture(args, env);
  server.write(...handshake, call(1, 'echo', { text: 'secret' }), call(2, 'fail', { how: 'unknown' }));
  server.endInput();
  const { stderr, stdout } = await server.ended;
  expect(stdout).toContain('"id":2');
  return stderr;
}

test('by default mistakes are logged, and calls are not', async () => {
  const logged = await logOf([]);
  expect(logged).toMatch(/^fixture: fail: TypeError: a mistake\n +at /u);
  expect(logged).not.toContain('echo');
});

test('debug tells of each call, how long it took and what came of it, and nothing of what it said', async () => {
  const logged = await logOf(['--log-level', 'debug']);
  expect(logged).toMatch(/fixture: echo failed \(INVALID_INPUT\) after \d+ ms\n/u);
  expect(logged).toMatch(/fixture: fail failed \(INTERNAL\) after \d+ ms\n/u);
  expect(logged).not.toContain('secret');
});

test('off logs nothing', async () => {
  expect(await logOf([], { MCP_LOG_LEVEL: 'off' })).toBe('closing starts\nclosed\n');
});

test('json is one object a line', async () => {
  const logged = await logOf(['--log-format', 'json']);
  const [line = ''] = logged.split('\n');
  expect(JSON.parse(line)).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u),
    level: 'error',
    name: 'fixture',
    message: expect.stringContaining('fail: TypeError: a mistake\n'),
  });
});
