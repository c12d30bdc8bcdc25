import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import type { Project } from './support/cli.ts';
import { createProject, math } from './support/cli.ts';

async function keptFiles({ folder }: Project): Promise<string[]> {
  const projects = join(folder, 'state', 'projects');
  const [project = ''] = await readdir(projects).catch(() => []);
  return readdir(join(projects, project, 'conversations')).catch(() => []);
}

test('a request goes on with the latest conversation, or with the one that is named', async () => {
  await using provider = await startFakeProvider(({ messages }) => ({
    kind: 'answer',
    text: `heard ${messages.map(({ text }) => text.slice(0, 6)).join('|')}`,
  }));
  await using project = await createProject({ math });
  const ask = async (...args: string[]): Promise<string> => {
    const options = { env: { ...provider.openAiEnv, OPENAI_API_KEY: 'sk-test-0123456789abcdef' } };
    const { stdout } = await project.patchbay(['--model', 'openai/m', ...args], options);
    return stdout.trim();
  };
  expect(await ask('-p', 'one sk-test-0123456789abcdef')).toMatch(/heard .*one sk$/);
  expect(await ask('-p', 'two', '--continue')).toMatch(/one \[r\|heard .*\|two$/);
  const [first = ''] = await keptFiles(project);
  expect(await ask('-p', 'other')).toMatch(/heard .*other$/);
  expect(await keptFiles(project)).toHaveLength(2);
  expect(await ask('-p', 'three', '--resume', first.replace('.jsonl', ''))).toMatch(
    /one \[r\|heard .*\|two\|heard .*\|three$/,
  );
  expect(await ask('-p', 'four', '--resume', 'nope')).toBe('');
  const [state = ''] = await readdir(join(project.folder, 'state', 'projects'));
  const text = await readFile(
    join(project.folder, 'state', 'projects', state, 'conversations', first),
    'utf8',
  );
  expect(text).not.toContain('sk-test-0123456789abcdef');
});

test('a chat is kept under a name, forked, resumed by another, and exported as data', async () => {
  await using project = await createProject({ math });
  const first = await project.patchbay([], {
    input: 'Add 1 and 2.\n/save sums\nAdd 3 and 4.\n/fork\n/export a.json\n/history 1\n',
  });
  expect(first.stdout).toContain('Kept as sums. To go on with it: /resume sums');
  expect(first.stdout).toMatch(/Going on in [\w-]+; sums stays as it is\./);
  expect(first.stdout).toMatch(/you › Add 3 and 4\.\n ● math__add\(.*\)\n {3}└ 7\n3 \+ 4 = 7\.$/m);
  const { messages } = JSON.parse(await readFile(join(project.folder, 'a.json'), 'utf8'));
  expect(messages.map(({ role }: { role: string }) => role)).toEqual([
    'user',
    'assistant',
    'tool',
    'assistant',
    'user',
    'assistant',
    'tool',
    'assistant',
  ]);
  const second = await project.patchbay(['--resume', 'sums'], {
    input: '/history\n/clear\n/history\n/resume\n',
  });
  expect(second.stdout).toContain('Going on with sums: 2 requests so far.');
  expect(second.stdout).toContain('The conversation is forgotten. /resume sums brings it back.');
  expect(second.stdout).toContain('Nothing has been said yet.');
  expect(second.stdout).toMatch(/ {2}sums {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}Add 1 and 2\./);
});

test('what is piped in goes with the request, and a dry run sends nothing', async () => {
  await using provider = await startFakeProvider(({ messages }) => ({
    kind: 'answer',
    text: `heard ${JSON.stringify(messages.at(-1)?.text)}`,
  }));
  await using project = await createProject({ math });
  const options = { env: { ...provider.openAiEnv }, input: 'a,b\n1,2\n' };
  const { stdout } = await project.patchbay(['--model', 'openai/m', '-p', 'Explain'], options);
  expect(stdout).toBe(`heard ${JSON.stringify('Explain\n\n```\na,b\n1,2\n```')}\n`);
  const dry = await project.patchbay(['--model', 'openai/m', '-p', 'Explain', '--dry-run'], options);
  expect(JSON.parse(dry.stdout)).toMatchObject({
    model: { id: 'openai/m' },
    servers: [{ name: 'math', state: 'ready' }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Explain\n\n```\na,b\n1,2\n```' }] }],
    tools: expect.arrayContaining([expect.objectContaining({ name: 'math__add' })]),
  });
  expect(provider.requests).toHaveLength(1);
});

test('where nothing can be kept the chat says so once and goes on', async () => {
  await using project = await createProject({ math });
  const env = { PATCHBAY_STATE: join(project.folder, 'mcp.json') };
  const { stdout, code } = await project.patchbay([], { env, input: 'Add 1 and 2.\nAdd 3 and 4.\n' });
  expect(code).toBe(0);
  expect(stdout).toContain('3 + 4 = 7.');
  expect(
    stdout.match(
      /✗ Cannot write \S+mcp\.json\/projects\/\S+\.jsonl: a part of its path is no folder \(ENOTDIR\)\n {2}→ Use --data-dir <folder> to keep it elsewhere\. All goes on, without saving\.\n/g,
    ),
  ).toHaveLength(1);
  const off = await project.patchbay(['--continue'], { env: { PATCHBAY_STATE: 'off' }, input: '' });
  expect(off).toMatchObject({ code: 2, stderr: expect.stringContaining('Conversations are not kept here') });
});

test('where the configuration knows the price, a request says what it cost', async () => {
  await using provider = await startFakeProvider(() => ({ kind: 'answer', text: 'Yes.' }));
  const prices = { 'openai/m': { input: 1, output: 2 } };
  await using project = await createProject(
    {},
    { 'mcp.json': JSON.stringify({ mcpServers: { math }, prices }) },
  );
  const run = (...args: string[]) =>
    project.patchbay(['--model', 'openai/m', '-p', 'Well?', ...args], { env: provider.openAiEnv });
  const { stderr } = await run();
  expect(stderr).toContain('10 + 20 tokens, cost 0.0000500 · openai/m');
  const { stdout } = await run('--json', '--delegate');
  expect(JSON.parse(stdout)).toMatchObject({ usage: { inputTokens: 10, outputTokens: 20, cost: 0.00005 } });
});
