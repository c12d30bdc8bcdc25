import Anthropic, { BadRequestError } from '@anthropic-ai/sdk';
import { expect, test } from 'vitest';
import { startFakeProvider } from '../src/index.ts';

const user = { role: 'user', content: 'x' };
const use = (id: string, extra: object = {}) => ({ type: 'tool_use', id, name: 'add', input: {}, ...extra });
const result = (id: string, extra: object = {}) => ({
  type: 'tool_result',
  tool_use_id: id,
  content: '1',
  ...extra,
});
const text = (words: string) => ({ type: 'text', text: words });
const says = (...content: unknown[]) => ({ role: 'assistant', content });
const told = (...content: unknown[]) => ({ role: 'user', content });
const define = (name: unknown, schema: unknown = { type: 'object' }) => ({ name, input_schema: schema });

/** The status of a request with this body, and the error when it is refused. */
async function post(body: object, headers: Record<string, string> = { 'anthropic-version': '2026-10-21' }) {
  await using provider = await startFakeProvider(() => ({ kind: 'answer', text: 'ok' }));
  const response = await fetch(`${provider.url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': 'k', ...headers },
    body: JSON.stringify({ model: 'm', max_tokens: 9, messages: [user], ...body }),
  });
  const { error } = (await response.json()) as { error?: unknown };
  return { status: response.status, error, problems: provider.problems.length };
}

test.for<[string, object]>([
  [
    'two calls answered in one message',
    { messages: [user, says(use('a'), use('b')), told(result('b'), result('a'))] },
  ],
  [
    'two calls answered in two messages, which are one',
    { messages: [user, says(use('a'), use('b')), told(result('a')), told(result('b'))] },
  ],
  [
    'text after the results',
    { messages: [user, says(text('Hm.'), use('a')), told(result('a'), text('go on'))] },
  ],
  [
    'a result without content',
    { messages: [user, says(use('a')), told(result('a', { content: undefined }))] },
  ],
  [
    'a result with an image',
    { messages: [user, says(use('a')), told(result('a', { content: [{ type: 'image' }] }))] },
  ],
  ['a tool that runs at the provider', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
  ['a tool whose schema has no properties', { tools: [define('now')] }],
])('%s: accepted', async ([, body]) => {
  expect(await post(body)).toEqual({ status: 200, error: undefined, problems: 0 });
});

const unanswered = /`tool_use` ids were found without `tool_result` blocks immediately after: /;

test.for<[string, object, RegExp]>([
  ['no model', { model: undefined }, /^model: Field required/],
  ['no max_tokens', { max_tokens: undefined }, /^max_tokens: Field required/],
  ['no room for an answer', { max_tokens: 0 }, /^max_tokens: /],
  ['messages that are no list', { messages: 'x' }, /valid list/],
  ['an empty list of messages', { messages: [] }, /at least one message/],
  ['a call that is not answered', { messages: [user, says(use('a'))] }, /after: a\./],
  [
    'one of two calls that is not answered',
    { messages: [user, says(use('a'), use('b')), told(result('a'))] },
    /: b\./,
  ],
  [
    'text before a result',
    { messages: [user, says(use('a')), told(text('go on'), result('a'))] },
    unanswered,
  ],
  ['words in place of a result', { messages: [user, says(use('a')), user] }, unanswered],
  [
    'text between results of one turn',
    { messages: [user, says(use('a'), use('b')), told(result('a')), user, told(result('b'))] },
    unanswered,
  ],
  [
    'a result for nothing',
    { messages: [told(result('a'))] },
    /messages\.0\.content\.0: unexpected `tool_use_id`/,
  ],
  [
    'a result one turn late',
    { messages: [user, says(use('a')), told(result('a')), says(text('1')), told(result('a'))] },
    /messages\.4\.content\.0: unexpected/,
  ],
  [
    'two results for a call',
    { messages: [user, says(use('a')), told(result('a'), result('a'))] },
    /single result/,
  ],
  [
    'two calls of one id',
    { messages: [user, says(use('a'), use('a')), told(result('a'))] },
    /must be unique/,
  ],
  [
    'arguments as text',
    { messages: [user, says(use('a', { input: '{}' })), told(result('a'))] },
    /valid dictionary/,
  ],
  [
    'a dot in a called name',
    { messages: [user, says(use('a', { name: 'm.a' })), told(result('a'))] },
    /match pattern/,
  ],
  ['an empty message', { messages: [{ role: 'user', content: '' }] }, /non-empty content/],
  [
    'an empty text block',
    { messages: [user, says(text(''), use('a')), told(result('a'))] },
    /must be non-empty/,
  ],
  ['a blank text block', { messages: [told(text(' \n'))] }, /non-whitespace/],
  [
    'an answer begun for the model',
    { messages: [user, says(text('The answer is'))] },
    /must end with a user message/,
  ],
  [
    'a tool role, as the other API has it',
    { messages: [user, { role: 'tool', content: 'x' }] },
    /Unexpected role/,
  ],
  ['a dot in a name', { tools: [define('math.add')] }, /tools\.0\.custom\.name: String should match pattern/],
  ['a name of 65 characters', { tools: [define('n'.repeat(65))] }, /String should match pattern/],
  ['two tools of one name', { tools: [define('add'), define('add')] }, /Tool names must be unique/],
  [
    'a choice at the root of a schema',
    { tools: [define('add', { type: 'object', anyOf: [] })] },
    /does not support oneOf, allOf, or anyOf at the top level/,
  ],
  [
    'a property with a sign in its name',
    { tools: [define('add', { type: 'object', properties: { $filter: {} } })] },
    /Property keys should match pattern/,
  ],
  ['a tool without a schema', { tools: [{ name: 'add' }] }, /input_schema\.type/],
  ['content that is no list of blocks', { messages: [told(null)] }, /content: Input should be a valid list/],
  ['tools that are no list', { tools: 7 }, /^tools: Input should be a valid list/],
  ['a choice without tools', { tool_choice: { type: 'auto' } }, /while providing tools/],
])('%s: refused as the real API does', async ([, body, message]) => {
  expect(await post(body)).toEqual({
    status: 400,
    error: { type: 'invalid_request_error', message: expect.stringMatching(message) },
    problems: 1,
  });
});

test('a request without a version header is refused', async () => {
  expect(await post({}, {})).toMatchObject({
    status: 400,
    error: { message: 'anthropic-version: header is required' },
  });
});

test('the SDK shows a refusal as a BadRequestError, without a retry', async () => {
  await using provider = await startFakeProvider(() => ({ kind: 'answer', text: 'ok' }));
  const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseURL } = provider.anthropicEnv;
  const asked = new Anthropic({ apiKey, baseURL, maxRetries: 2, logLevel: 'off' }).messages.create({
    model: 'm',
    max_tokens: 9,
    messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a' }] }],
  });
  await expect(asked).rejects.toBeInstanceOf(BadRequestError);
  await expect(asked).rejects.toMatchObject({
    apiMessage: expect.stringContaining('unexpected `tool_use_id`'),
  });
  expect(provider.requests).toHaveLength(1);
});
