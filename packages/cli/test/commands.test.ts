import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startHttpServerProcess } from '@patchbay/testing';
import { expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { EXIT } from '../src/exit-code.ts';
import { createProject, math, mathMain } from './support/cli.ts';

const broken = { command: 'no-such-command-anywhere' };

test('tools lists every tool as call takes it, and names servers that are down on stderr', async () => {
  await using project = await createProject({ math, broken });
  const { code, stdout, stderr } = await project.patchbay(['tools']);
  expect(code).toBe(0);
  expect(stdout.split('\n').filter((line) => line.startsWith('math.')).length).toBeGreaterThanOrEqual(3);
  expect(stderr).toContain('✗ broken   failed: "no-such-command-anywhere" is not on PATH');
});

test('tools --json gives names, origins and schemas, sorted by name', async () => {
  await using project = await createProject({ math });
  const { stdout } = await project.patchbay(['tools', '--json']);
  const tools: { name: string }[] = JSON.parse(stdout);
  expect(tools.map(({ name }) => name)).toEqual(tools.map(({ name }) => name).toSorted());
  expect(tools.find(({ name }) => name === 'math__multiply')).toMatchObject({
    server: 'math',
    tool: 'multiply',
    description: expect.any(String),
    inputSchema: { type: 'object', required: ['a', 'b'] },
    annotations: { readOnlyHint: true },
  });
});

test('--help names every exit code', async () => {
  await using project = await createProject({});
  const { stdout } = await project.patchbay(['--help']);
  const [, codes = ''] = stdout.split('Exit codes: ');
  expect(codes.match(/\d+/g)).toEqual(Object.values(EXIT).map(String));
});

test('servers says how each is and ends with 4 when one is down', async () => {
  await using project = await createProject({ math, broken });
  const text = await project.patchbay(['servers']);
  expect(text.code).toBe(4);
  expect(text.stdout).toMatch(/✓ math +\d+ tools +\d+ ms/);
  expect(text.stdout).toContain('1 of 2 servers ready');
  const json = await project.patchbay(['servers', '--json']);
  expect(JSON.parse(json.stdout)).toEqual([
    {
      name: 'math',
      state: 'ready',
      since: expect.any(Number),
      tools: expect.any(Number),
      startMs: expect.any(Number),
      protocol: '2026-07-28',
      identity: expect.any(String),
    },
    {
      name: 'broken',
      state: 'down',
      since: expect.any(Number),
      tools: 0,
      reason: expect.any(String),
      hint: expect.any(String),
    },
  ]);
});

test.for([
  [['math.multiply', 'a=17', 'b=23'], 0, '391\n'],
  [['math.multiply', '--args', '{"a": 2, "b": 3}'], 0, '6\n'],
  [['math.multiply', '--args', '{"a": 2, "b": 3}', 'b=4'], 0, '8\n'],
  [['math.calculate', 'expression=2^10'], 0, '1024\n'],
  [['math.calculate', 'expression=42'], 0, '42\n'],
  [['math__multiply', 'a=17', 'b=23'], 0, '391\n'],
] as const)('call %j prints the answer', async ([args, code, stdout]) => {
  await using project = await createProject({ math, broken });
  expect(await project.patchbay(['call', ...args])).toEqual({ code, stdout, stderr: '' });
});

test.for([
  [['math.multiply', 'a=17'], 5, /b/],
  [['math.calculate', 'expression=1/'], 5, /./],
  [['math.nope'], 5, /math has no tool "nope"\n {2}→ It has: .*multiply/],
  [['nope.add'], 4, /No server for "nope\.add"\n {2}→ The servers are: math, broken\./],
  [['broken.add'], 4, /broken did not start: "no-such-command-anywhere" is not on PATH/],
  [['add'], 2, /call needs <server>\.<tool>/],
  [['math__nope'], 5, /math has no tool "math__nope"[^]*It has: math__/],
  [['broken__add'], 4, /broken did not start: "no-such-command-anywhere"/],
  [['math.add', 'a'], 2, /"a" is not key=value/],
  [['math.add', '--args', '[1]'], 2, /--args is not a JSON object/],
] as const)('call %j fails with exit code %d and says why', async ([args, exitCode, message]) => {
  await using project = await createProject({ math, broken });
  const { code, stdout, stderr } = await project.patchbay(['call', ...args]);
  expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
  expect(stderr).toMatch(message);
});

test('a script can be a server without any configuration', async () => {
  await using project = await createProject({});
  const script = join(project.folder, 'tiny.mjs');
  await writeFile(script, TINY_SERVER);
  const { code, stdout } = await project.patchbay(['call', 'tiny.hello', '--server', 'tiny.mjs']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'hello from a script\n' });
});

test('a server behind streamable HTTP is used beside one on stdio', async () => {
  await using remote = await startHttpServerProcess({ main: mathMain, args: ['--http'] });
  await using project = await createProject({ near: math, far: { url: remote.url.href } });
  const servers = await project.patchbay(['servers']);
  expect(servers).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/✓ near[^]*✓ far|✓ far[^]*✓ near/),
  });
  const { code, stdout, stderr } = await project.patchbay(['call', 'far.multiply', 'a=17', 'b=23']);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '391\n', stderr: '' });
});

test('help and version need no configuration', async () => {
  await using project = await createProject({});
  const help = await project.patchbay(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toContain('patchbay call <server>.<tool>');
  expect(await project.patchbay(['--version'])).toEqual({
    code: 0,
    stdout: `${manifest.version}\n`,
    stderr: '',
  });
});

/** An MCP server in a few lines without any library, of the older era. */
const TINY_SERVER = `
import { createInterface } from 'node:readline';
const answers = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'tiny', version: '1' } }),
  'tools/list': () => ({ tools: [{ name: 'hello', inputSchema: { type: 'object' } }] }),
  'tools/call': () => ({ content: [{ type: 'text', text: 'hello from a script' }] }),
};
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  const answer = answers[method];
  const rest = answer ? { result: answer(params) } : { error: { code: -32601, message: 'Method not found' } };
  console.log(JSON.stringify({ jsonrpc: '2.0', id, ...rest }));
}
`;

test('a call that failed names the arguments that its tool does not have, where the tool has not', async () => {
  await using project = await createProject({ math });
  const script = join(project.folder, 'vague.mjs');
  await writeFile(script, TINY_SERVER.replace('({ content:', '({ isError: true, content:'));
  const vague = await project.patchbay(['call', 'vague.hello', '--server', 'vague.mjs', 'c=23']);
  expect(vague).toEqual({
    code: 5,
    stdout: '',
    stderr: '✗ hello from a script\n  → It has no argument c. It has: none.\n',
  });
  const { stderr } = await project.patchbay(['call', 'math.multiply', 'a=17', 'c=23']);
  expect(stderr.match(/no such argument|no argument/g)).toEqual(['no such argument']);
});
