import { expect, test } from 'vitest';
import * as z from 'zod';
import { serve } from '../src/index.ts';
import { call, handshake, messages, startFixture } from './fixtures/process.ts';

test('--help and --version answer on stdout and end', async () => {
  const help = await startFixture(['--help']).ended;
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toContain('fixture 1.2.3\nA server for tests\n\nOptions:\n');
  expect(help.stdout).toContain('--close <value>       how closing goes (env FIXTURE_CLOSE, default well)');
  expect(help.stdout).toContain('--port <value>');
  expect(await startFixture(['--version']).ended).toMatchObject({ code: 0, stdout: '1.2.3\n', stderr: '' });
});

test.for([
  [['--nope'], {}, "fixture: Unknown option '--nope'"],
  [['--port', '70000'], {}, 'fixture: --port: must be at most 65535'],
  [[], { FIXTURE_CLOSE: 'maybe' }, 'fixture: FIXTURE_CLOSE: must be one of '],
] as const)(
  'settings %j %j end it with 2, a line on stderr, and nothing on stdout',
  async ([args, env, line]) => {
    const ended = await startFixture(args, env).ended;
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(line);
    expect(ended.stderr).toMatch(/\nfixture: See --help.\n$/);
  },
);

test.for([
  ['host', 'host'],
  ['port', 'db-port'],
  ['database', 'http'],
  ['topic', 'help'],
] as const)('a setting of a program called %s, with the flag --%s, is refused', async ([name, flag]) => {
  const program = {
    manifest: { name: 'fixture', version: '1.2.3', description: 'A server for tests' },
    settings: { [name]: { flag, schema: z.string().optional(), description: 'clashes' } },
    open: () => expect.unreachable('it must not open'),
  };
  await expect(serve(program)).rejects.toThrow(`The setting "${name}" (--${flag}) needs another name`);
});

test('a program that cannot open ends with 1 and the reason', async () => {
  const ended = await startFixture(['--open', 'fails']).ended;
  expect(ended).toMatchObject({ code: 1, stdout: '', stderr: 'fixture: the disk is on fire\n' });
});

test('it ends with its input, closing what it opened', async () => {
  const server = startFixture();
  server.write(...handshake, call(1, 'echo', { text: 'abc' }));
  await server.shows('stdout', '"id":1');
  server.endInput();
  const ended = await server.ended;
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: 'closing starts\nclosed\n' });
  expect(messages(ended.stdout).map(({ id }) => id)).toEqual([0, 1]);
});

test('an empty input ends it at once', async () => {
  const server = startFixture();
  server.endInput();
  expect(await server.ended).toMatchObject({ code: 0, stdout: '', stderr: 'closing starts\nclosed\n' });
});

test('what was asked before the end of the input is answered, the last line without a newline too', async () => {
  const server = startFixture();
  server.write(...handshake, call(1, 'slow'), call(2, 'big'));
  server.child.stdin?.end(JSON.stringify(call(3, 'echo', { text: 'abc' })));
  const ended = await server.ended;
  const answers = messages(ended.stdout);
  expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([0, 1, 2, 3]));
  expect(answers.every(({ result }) => result !== undefined)).toBe(true);
  expect(ended).toMatchObject({ code: 0, stderr: 'slow starts\nclosing starts\nclosed\n' });
});

test('a request that does not end is cancelled a while after the input has ended', async () => {
  const server = startFixture();
  server.write(...handshake, call(1, 'slow', { forever: true }));
  await server.shows('stderr', 'slow starts');
  server.endInput();
  const ended = await server.ended;
  expect(ended.code).toBe(0);
  expect(ended.stderr).toContain('slow is cancelled\n');
  expect(ended.stderr).toContain('closed\n');
});

test('lines that are no messages are passed over', async () => {
  const server = startFixture();
  server.child.stdin?.write('garbage\n\n{"a":1}\n[1,2]\n"text"\n\u0000\n');
  server.write(...handshake, call(1, 'echo', { text: 'abc' }));
  server.endInput();
  const ended = await server.ended;
  expect(messages(ended.stdout).map(({ id }) => id)).toEqual([0, 1]);
  expect(ended.stderr).toContain('fixture: a line of the input is JSON, but no JSON-RPC message\n');
});

test('a message without an end is refused before it fills the memory', async () => {
  const server = startFixture();
  server.child.stdin?.write('x'.repeat(11 * 1024 * 1024));
  const ended = await server.ended;
  expect(ended.stdout).toBe('');
  expect(ended.stderr).toContain('fixture: a message on the input is too long\n');
});

test.for([
  ['SIGTERM', 0],
  ['SIGINT', 130],
  ['SIGHUP', 129],
] as const)('%s ends it with %i, closing what it opened', async ([signal, code]) => {
  const server = startFixture();
  server.write(...handshake, call(1, 'slow', { forever: true }));
  await server.shows('stderr', 'slow starts');
  server.child.kill(signal);
  const ended = await server.ended;
  expect(ended).toMatchObject({ code, signal: null });
  expect(ended.stderr).toContain('slow is cancelled\nclosing starts\nclosed\n');
});

test('a second signal does not cut the closing short', async () => {
  const server = startFixture(['--close', 'slowly']);
  server.write(...handshake);
  await server.shows('stdout', '"id":0');
  server.child.kill('SIGTERM');
  await server.shows('stderr', 'closing starts');
  server.child.kill('SIGTERM');
  server.child.kill('SIGINT');
  expect(await server.ended).toMatchObject({ code: 0, signal: null, stderr: 'closing starts\nclosed\n' });
});

test('closing that hangs ends with the process all the same', async () => {
  const server = startFixture(['--close', 'hangs']);
  server.endInput();
  expect(await server.ended).toMatchObject({ code: 0, stderr: 'closing starts\n' });
});

test('closing that fails ends with 1 and the reason', async () => {
  const server = startFixture(['--close', 'fails']);
  server.endInput();
  const ended = await server.ended;
  expect(ended).toMatchObject({ code: 1, stderr: 'closing starts\nfixture: closing failed\n' });
});

test('it ends when nobody reads its answers', async () => {
  const server = startFixture();
  server.write(...handshake);
  await server.shows('stdout', '"id":0');
  server.child.stdout?.destroy();
  server.write(call(1, 'big'), call(2, 'big'));
  const ended = await server.ended;
  expect(ended).toMatchObject({ code: 0, signal: null });
  expect(ended.stderr).toContain('closed\n');
});

test('it goes on when nobody reads its log', async () => {
  const server = startFixture();
  server.write(...handshake);
  await server.shows('stdout', '"id":0');
  server.child.stderr?.destroy();
  server.write(call(1, 'fail', { how: 'unknown' }), call(2, 'fail', { how: 'unknown' }));
  server.write(call(3, 'echo', { text: 'abc' }));
  await server.shows('stdout', '"id":3');
  server.endInput();
  expect(await server.ended).toMatchObject({ code: 0, signal: null });
});
