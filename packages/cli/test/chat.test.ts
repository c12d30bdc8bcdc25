import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { createProject, math } from './support/cli.ts';

const broken = { command: 'no-such-command-anywhere' };

test('lines of input are answered one after the other, and the end of input ends the chat', async () => {
  await using project = await createProject({ math, broken });
  const { code, stdout, stderr } = await project.patchbay([], {
    input: 'Multiply 17 by 23.\n\nAdd 0.1 and 0.2.\n',
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('model: offline planner (rule-based, not an AI model)');
  expect(stdout).toMatch(/✓ math +\d+ tools/);
  expect(stdout).toContain('✗ broken   failed: "no-such-command-anywhere" is not on PATH');
  expect(stdout.indexOf('17 × 23 = 391.')).toBeGreaterThan(-1);
  expect(stdout.indexOf('0.1 + 0.2 = 0.3.')).toBeGreaterThan(stdout.indexOf('17 × 23 = 391.'));
  // Each request has its footer, which says again what the model is.
  expect(stdout.match(/1 tool call · 1 server · .*rule-based, not an AI model/g)).toHaveLength(2);
});

test('a server is started once for a whole chat', async () => {
  const launch = [math.command, ...math.args].map((word) => `'${word}'`).join(' ');
  await using project = await createProject({
    math: { command: 'sh', args: ['-c', `echo started >> starts.txt; exec ${launch}`], trusted: true },
  });
  const { stdout } = await project.patchbay([], { input: 'Multiply 17 by 23.\nAdd 1 and 2.\n' });
  expect(stdout).toContain('1 + 2 = 3.');
  expect(await readFile(join(project.folder, 'starts.txt'), 'utf8')).toBe('started\n');
});

test('a conversation remembers, until it is cleared', async () => {
  await using provider = await startFakeProvider(({ messages }) => ({
    kind: 'answer',
    text: `heard ${messages.length}`,
  }));
  await using project = await createProject({ math });
  const { stdout } = await project.patchbay(['--model', 'anthropic/m'], {
    env: provider.anthropicEnv,
    input: 'one\ntwo\n/clear\nthree\n',
  });
  expect(provider.problems).toEqual([]);
  expect(stdout.match(/heard \d/g)).toEqual(['heard 1', 'heard 3', 'heard 1']);
});

test('a request that is cut after a tool has run keeps what was done', async () => {
  let asked = 0;
  await using provider = await startFakeProvider(({ messages }) => {
    asked += 1;
    if (asked === 1) return { kind: 'answer', toolCalls: [{ name: 'math__add', args: { a: 1, b: 2 } }] };
    if (asked === 2) return { kind: 'cut' };
    return { kind: 'answer', text: `heard ${messages.map(({ role, text }) => `${role}:${text}`).join(' ')}` };
  });
  await using project = await createProject({ math });
  const { stdout } = await project.patchbay(['--model', 'openai/m'], {
    env: provider.openAiEnv,
    input: 'one\ntwo\n',
  });
  expect(provider.problems).toEqual([]);
  expect(stdout).toContain('heard user:one assistant: tool:3 user:two');
});

test('a conversation can be exported, never over a file, and shortened', async () => {
  await using project = await createProject({ math });
  const input = '/export a.md\nAdd 1 and 2.\n/export a.md\n/export a.md\n/export\n/compact\n';
  const { stdout } = await project.patchbay([], { input });
  expect(stdout).toContain('There is nothing to export yet.');
  expect(stdout).toContain('Written to a.md.');
  expect(stdout).toMatch(/✗ Cannot write .*: there is one already \(EEXIST\)/);
  expect(stdout).toContain('Give the name of a file');
  expect(stdout).toMatch(/short enough: about \d+ tokens/);
  expect(await readFile(join(project.folder, 'a.md'), 'utf8')).toMatch(/^## Add 1 and 2\.\n\n`math__add\(/);
});

test('a request that fails leaves the conversation as it was', async () => {
  let asked = 0;
  await using provider = await startFakeProvider(({ messages }) => {
    asked += 1;
    return asked === 1 ? { kind: 'cut' } : { kind: 'answer', text: `heard ${messages.length}` };
  });
  await using project = await createProject({ math });
  const { stdout } = await project.patchbay(['--model', 'anthropic/m'], {
    env: provider.anthropicEnv,
    input: 'one\ntwo\n',
  });
  expect(stdout).toMatch(/✗ Anthropic broke off the answer: /);
  expect(stdout).toContain('heard 1');
});

test('the commands show tools, servers and examples, and an unknown one is said to be so', async () => {
  await using project = await createProject({ math, broken });
  const input =
    '/help\n/tools math\n/tools nope\n/servers\n/examples\n/reconnect\n/reconnect nope\n/frob\n/quit\nnever read\n';
  const { code, stdout } = await project.patchbay([], { input });
  expect(code).toBe(0);
  expect(stdout).toMatch(/\/reconnect \[server\] +read the configuration again; start/);
  expect(stdout).toContain('math.multiply');
  expect(stdout.match(/There is no server "nope"\. There are: math, broken\./g)).toHaveLength(2);
  expect(stdout).toContain('把17乘以23');
  expect(stdout).toContain('Unknown command /frob. /help lists them; with a space in front it is a request.');
  expect(stdout).not.toContain('never read');
});

test('terminal escapes in what a model says do not reach the terminal', async () => {
  await using provider = await startFakeProvider(() => ({
    kind: 'answer',
    text: 'a\u001B[2J\u001B]52;c;eA==\u0007b\u202Ec',
  }));
  await using project = await createProject({ math });
  const { stdout } = await project.patchbay(['-p', 'x', '--model', 'openai/m'], { env: provider.openAiEnv });
  expect(stdout).toBe('abc\n');
});
