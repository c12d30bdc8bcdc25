import OpenAI, { BadRequestError } from 'openai';
import { expect, test } from 'vitest';
import { startFakeProvider } from '../src/index.ts';

const user = { role: 'user', content: 'x' };
const tool = (id: string, content: unknown = 'ok') => ({ role: 'tool', tool_call_id: id, content });
const calls = (...ids: string[]) => ({
  role: 'assistant',
  content: null,
  tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: 'add', arguments: '{}' } })),
});
const define = (name: unknown, parameters: unknown = { type: 'object', properties: {} }) => ({
  type: 'function',
  function: { name, parameters },
});
const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } };

/** The status of a request with this body, and the error when it is refused. */
async function post(body: object | string): Promise<{ status: number; error?: unknown; problems: number }> {
  await using provider = await startFakeProvider(() => ({ kind: 'answer', text: 'ok' }));
  const response = await fetch(`${provider.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer k' },
    body: typeof body === 'string' ? body : JSON.stringify({ model: 'm', messages: [user], ...body }),
  });
  const { error } = (await response.json()) as { error?: unknown };
  return { status: response.status, error, problems: provider.problems.length };
}

test.for<[string, object]>([
  [
    'two calls and their answers, twice',
    { messages: [user, calls('a', 'b'), tool('a'), tool('b'), calls('a'), tool('a')] },
  ],
  [
    'one id for two calls of a turn, answered twice',
    { messages: [user, calls('a', 'a'), tool('a'), tool('a')] },
  ],
  ['a name of 64 characters', { tools: [define('n'.repeat(64))] }],
  ['a tool without parameters', { tools: [{ type: 'function', function: { name: 'now' } }] }],
  ['128 tools', { tools: Array.from({ length: 128 }, (_, index) => define(`t${index}`)) }],
  [
    'an image from the user',
    { messages: [{ role: 'user', content: [{ type: 'text', text: 'see' }, image] }] },
  ],
  ['empty text from a tool', { messages: [user, calls('a'), tool('a', '')] }],
  ['a developer message', { messages: [{ role: 'developer', content: 'Be brief.' }, user] }],
])('%s: accepted', async ([, body]) => {
  expect(await post(body)).toEqual({ status: 200, error: undefined, problems: 0 });
});

const unanswered = /tool_call_ids did not have response messages: /;

test.for<[string, object, RegExp]>([
  ['no model', { model: undefined }, /must provide a model/],
  ['no messages', { messages: undefined }, /Missing required parameter: 'messages'/],
  ['messages of strings', { messages: ['x'] }, /Invalid type for 'messages'/],
  ['an empty list of messages', { messages: [] }, /Invalid 'messages': empty array/],
  ['a call that is not answered', { messages: [user, calls('a')] }, /response messages: a$/],
  ['one of two calls that is not answered', { messages: [user, calls('a', 'b'), tool('a')] }, /messages: b$/],
  ['a user message between call and answer', { messages: [user, calls('a'), user, tool('a')] }, unanswered],
  [
    'an assistant message between call and answer',
    { messages: [user, calls('a'), calls('b'), tool('b')] },
    unanswered,
  ],
  ['answers in another order', { messages: [user, calls('a', 'b'), tool('b'), tool('a')] }, unanswered],
  [
    'a second answer',
    { messages: [user, calls('a'), tool('a'), tool('a')] },
    /must be a response to a preceding/,
  ],
  ['an answer to nothing', { messages: [user, tool('a')] }, /must be a response to a preceding/],
  [
    'an answer without an id',
    { messages: [user, calls('a'), { role: 'tool', content: '' }] },
    /tool_call_id'/,
  ],
  [
    'an image from a tool',
    { messages: [user, calls('a'), tool('a', [image])] },
    /Supported values are: 'text'/,
  ],
  [
    'a tool message without content',
    { messages: [user, calls('a'), tool('a', null)] },
    /expected a string, got null/,
  ],
  ['an assistant that says nothing', { messages: [user, { role: 'assistant', content: null }] }, /got null/],
  [
    'an empty list of calls',
    { messages: [user, { role: 'assistant', content: 'x', tool_calls: [] }] },
    /empty array/,
  ],
  ['a role that is not one', { messages: [{ role: 'human', content: 'x' }] }, /Invalid value: 'human'/],
  [
    'arguments as an object',
    {
      messages: [
        user,
        {
          role: 'assistant',
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'add', arguments: {} } }],
        },
        tool('a'),
      ],
    },
    /messages\[1\]\.tool_calls\[0\]\.function\.arguments/,
  ],
  ['an empty list of tools', { tools: [] }, /Invalid 'tools': empty array/],
  [
    '129 tools',
    { tools: Array.from({ length: 129 }, (_, index) => define(`t${index}`)) },
    /array too long.*129/,
  ],
  ['a dot in a name', { tools: [define('math.add')] }, /tools\[0\]\.function\.name': string does not match/],
  ['a name of 65 characters', { tools: [define('ok'), define('n'.repeat(65))] }, /tools\[1\].*length 65/],
  [
    'a tool without a name',
    { tools: [define(undefined)] },
    /Missing required parameter: 'tools\[0\]\.function\.name'/,
  ],
  [
    'a schema without properties',
    { tools: [define('now', { type: 'object' })] },
    /object schema missing properties/,
  ],
  [
    'a choice at the root of a schema',
    { tools: [define('now', { type: 'object', properties: {}, oneOf: [] })] },
    /not have 'oneOf'/,
  ],
  [
    'a schema of no object',
    { tools: [define('now', { type: 'string' })] },
    /schema must be a JSON Schema of/,
  ],
  ['tool_choice without tools', { tool_choice: 'auto' }, /only allowed when 'tools' are specified/],
  [
    'stream_options without stream',
    { stream_options: { include_usage: true } },
    /only allowed when 'stream'/,
  ],
])('%s: refused as the real API does', async ([, body, message]) => {
  expect(await post(body)).toEqual({
    status: 400,
    error: expect.objectContaining({
      type: 'invalid_request_error',
      message: expect.stringMatching(message),
    }),
    problems: 1,
  });
});

test.for(['{"model":', '[]', ''])('a body that is %j is refused', async (body) => {
  expect(await post(body)).toMatchObject({ status: 400, problems: 1 });
});

test('no key at all is refused, and nothing is asked of the script', async () => {
  await using provider = await startFakeProvider(() => ({ kind: 'answer', text: 'ok' }));
  const response = await fetch(`${provider.url}/v1/chat/completions`, { method: 'POST', body: '{}' });
  expect(response.status).toBe(401);
});

test('the SDK shows a refusal as a BadRequestError that names the parameter', async () => {
  await using provider = await startFakeProvider(() => ({ kind: 'answer', text: 'ok' }));
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = provider.openAiEnv;
  const asked = new OpenAI({ apiKey, baseURL, maxRetries: 2 }).chat.completions.create({
    model: 'm',
    messages: [{ role: 'tool', tool_call_id: 'a', content: 'x' }],
  });
  await expect(asked).rejects.toBeInstanceOf(BadRequestError);
  await expect(asked).rejects.toMatchObject({ param: 'messages.[0].role' });
  expect(provider.requests).toHaveLength(1);
});
