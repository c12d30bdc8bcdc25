// The fake provider of these tests is our own, and may misread the APIs as our adapters do. This is another's.
import type { ChatCompletionRequest, FixtureResponse } from '@copilotkit/aimock';
import { LLMock } from '@copilotkit/aimock';
import { expect, test } from 'vitest';
import { createProject, fromSource } from '../test/support/cli.ts';

const USERS = 'Show me all users who registered in 2025.';
const SAVE = "Multiply 17 by 23, then save the answer under the key 'magic'.";
const RECALL = "What is stored under 'magic'?";

interface ToolMessage {
  readonly role: string;
  readonly content?: unknown;
}

/** What a model reads: the request, what its tools have answered since, and how many rounds of calls there were. */
interface Reading {
  readonly round: number;
  readonly first: string;
  readonly second: string;
}

/** What a model would do about each request. */
const ROLES: Readonly<Record<string, (reading: Reading) => FixtureResponse>> = {
  [USERS]: ({ round, first }) => {
    if (round > 0) return { content: `Found ${first.match(/^\| \w+ \w+ \|/gm)?.length} users.` };
    const sql = "SELECT name FROM customers WHERE registered_on LIKE '2025-%' ORDER BY registered_on";
    return { content: 'I look it up.', toolCalls: [call('sql__query', { sql })] };
  },
  [SAVE]: ({ round, first, second }) => {
    if (round > 1) return { content: `${first} is saved. Before: ${second.split('\n')[0]}` };
    if (round === 1) return { toolCalls: [call('notes__save', { key: 'magic', value: first })] };
    return {
      toolCalls: [call('math__multiply', { a: 17, b: 23 }), call('notes__recall', { key: 'nothing' })],
    };
  },
  [RECALL]: ({ round, first }) =>
    round > 0 ? { content: `It is ${first}.` } : { toolCalls: [call('notes__recall', { key: 'magic' })] },
};

function answer({ messages }: ChatCompletionRequest): FixtureResponse {
  const all: readonly ToolMessage[] = messages;
  const asked = all.findLastIndex(({ role }) => role === 'user');
  const since = all.slice(asked + 1);
  const [first = '', second = ''] = since.filter(({ role }) => role === 'tool').map(textOf);
  // Of the Responses API each call comes as a message of its own.
  const round = since.filter(({ role }, at) => role === 'tool' && since[at + 1]?.role !== 'tool').length;
  return ROLES[textOf(all[asked])]?.({ round, first, second }) ?? { content: 'I do not know.' };
}

function call(name: string, args: object) {
  return { name, arguments: JSON.stringify(args) };
}

function textOf(message: ToolMessage | undefined): string {
  const content = message?.content;
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? content.map((part: { text?: string }) => part.text ?? '').join('\n') : '';
}

const KEYS = { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k', AZURE_OPENAI_API_KEY: 'k' };

const PROVIDERS: readonly { name: string; model: string; env: (url: string) => Record<string, string> }[] = [
  { name: 'Chat Completions', model: 'openai/gpt-5.5', env: (url) => ({ OPENAI_BASE_URL: `${url}/v1` }) },
  {
    name: 'Responses',
    model: 'openai/gpt-5.5',
    env: (url) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API: 'responses' }),
  },
  { name: 'Messages', model: 'anthropic/claude', env: (url) => ({ ANTHROPIC_BASE_URL: url }) },
  {
    name: 'Messages, older form',
    model: 'anthropic/claude',
    env: (url) => ({ ANTHROPIC_BASE_URL: url, ANTHROPIC_LEGACY: '1' }),
  },
  {
    name: 'Azure, dated',
    model: 'azure/my-deployment',
    env: (url) => ({ AZURE_OPENAI_ENDPOINT: url, AZURE_OPENAI_API_VERSION: '2025-04-01-preview' }),
  },
];

async function start(): Promise<LLMock & AsyncDisposable> {
  const mock = new LLMock({ port: 0 });
  mock.on({ predicate: () => true }, answer);
  await mock.start();
  return Object.assign(mock, { [Symbol.asyncDispose]: () => mock.stop() });
}

test.for(PROVIDERS)('$name: who registered in 2025', async ({ model, env }) => {
  await using mock = await start();
  await using project = await createProject({ sql: fromSource('sql') });
  const { code, stdout, stderr } = await project.patchbay(['-p', USERS, '--model', model, '--yes'], {
    env: { ...KEYS, ...env(mock.url) },
  });
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: 'Found 16 users.\n',
    stderr: expect.stringContaining('1 tool call'),
  });
  expect(mock.getRequests()).toHaveLength(2);
});

test.for(PROVIDERS)(
  '$name: two calls at once, a third, and a later run that remembers',
  async ({ model, env }) => {
    await using mock = await start();
    await using project = await createProject({ math: fromSource('math'), notes: fromSource('notes') });
    const ask = (prompt: string) =>
      project.patchbay(['-p', prompt, '--model', model, '--yes', '--json'], {
        env: { ...KEYS, ...env(mock.url), HOME: project.folder },
      });
    const first = await ask(SAVE);
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      answer: expect.stringMatching(/^391 is saved\. Before: NOT_FOUND: /),
      stop: 'answered',
    });
    const calls: { tool: string; isError: boolean }[] = JSON.parse(first.stdout).calls;
    expect(Object.fromEntries(calls.map(({ tool, isError }) => [tool, isError]))).toEqual({
      multiply: false,
      recall: true,
      save: false,
    });
    expect(JSON.parse((await ask(RECALL)).stdout)).toMatchObject({ answer: 'It is 391.' });
    expect(mock.getRequests()).toHaveLength(5);
  },
);

test('a refused key and a limit that passes are told apart', async () => {
  await using mock = await start();
  await using project = await createProject({ math: fromSource('math') });
  const ask = (model: string) =>
    project.patchbay(['-p', RECALL, '--model', model], {
      env: { ...KEYS, OPENAI_BASE_URL: `${mock.url}/v1`, ANTHROPIC_BASE_URL: mock.url },
    });
  for (const [model, label] of [
    ['openai/m', 'OpenAI'],
    ['anthropic/m', 'Anthropic'],
  ] as const) {
    mock.nextRequestError(401, { message: 'no such key', type: 'authentication_error' });
    const refused = await ask(model);
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining(`${label} rejected the key`) });
    mock.nextRequestError(429, { message: 'slow down', type: 'rate_limit_error' });
    const limited = await ask(model);
    expect(limited.stderr).toMatch(/is limiting requests: slow down\n {2}→ trying again in .* \(1 of 3\)/);
    expect(limited.code).toBe(0);
  }
});
