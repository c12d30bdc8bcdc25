import OpenAI, { AzureOpenAI } from 'openai';
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { expect, test } from 'vitest';
import { scriptedTurns, startFakeProvider } from '../src/index.ts';
import type { FakeProvider, ProviderTurn } from '../src/index.ts';

const twoCalls: ProviderTurn = {
  kind: 'answer',
  toolCalls: [
    { name: 'math__multiply', args: { a: 17, b: 23 } },
    { name: 'notes__add', args: {} },
  ],
};

const tools = ['math__multiply', 'notes__add'].map((name) => ({
  type: 'function' as const,
  function: { name, description: `Runs ${name}.`, parameters: { type: 'object', properties: {} } },
}));

function client({ openAiEnv }: FakeProvider): OpenAI {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = openAiEnv;
  return new OpenAI({ apiKey, baseURL, maxRetries: 0, logLevel: 'off' });
}

function stream(provider: FakeProvider, messages: ChatCompletionMessageParam[]) {
  return client(provider).chat.completions.stream({
    model: 'gpt-fake',
    messages,
    tools,
    stream_options: { include_usage: true },
  });
}

test('text streams in several pieces and ends with usage', async () => {
  const text = 'Grüße, 世界 👩‍🚀! The answer is 391.';
  await using provider = await startFakeProvider(
    scriptedTurns([{ kind: 'answer', text, usage: { inputTokens: 3, outputTokens: 4 } }]),
  );
  const deltas: string[] = [];
  const running = stream(provider, [{ role: 'user', content: 'Hello' }]);
  running.on('content', (delta) => deltas.push(delta));
  const completion = await running.finalChatCompletion();

  expect(completion.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: text } });
  expect(completion.usage).toEqual({
    prompt_tokens: 3,
    prompt_tokens_details: { audio_tokens: 0, cache_write_tokens: 0, cached_tokens: 0 },
    completion_tokens: 4,
    total_tokens: 7,
  });
  expect(deltas.length).toBeGreaterThan(4);
  expect(provider.problems).toEqual([]);
});

test('two parallel tool calls arrive in pieces, and their answers are read back', async () => {
  await using provider = await startFakeProvider(scriptedTurns([twoCalls, { kind: 'answer', text: '391' }]));
  const chunks: unknown[] = [];
  const first = stream(provider, [{ role: 'user', content: '17 times 23?' }]);
  first.on('chunk', (chunk) => chunks.push(...(chunk.choices[0]?.delta.tool_calls ?? [])));
  const { message, finish_reason: reason } = (await first.finalChatCompletion()).choices[0] ?? {};
  expect(reason).toBe('tool_calls');
  expect(message?.tool_calls).toMatchObject([
    { id: 'call_1_1', function: { name: 'math__multiply', arguments: '{"a":17,"b":23}' } },
    { id: 'call_1_2', function: { name: 'notes__add', arguments: '{}' } },
  ]);
  expect(chunks).toContainEqual({ index: 0, function: { arguments: '{"a":' } });

  await stream(provider, [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: '17 times 23?' }] },
    message as ChatCompletionMessageParam,
    { role: 'tool', tool_call_id: 'call_1_1', content: '391' },
    { role: 'tool', tool_call_id: 'call_1_2', content: [{ type: 'text', text: 'noted' }] },
  ]).finalChatCompletion();
  expect(provider.requests[1]).toMatchObject({
    api: 'openai-chat',
    model: 'gpt-fake',
    path: '/v1/chat/completions',
    isStreaming: true,
    system: 'Be brief.',
    headers: { authorization: 'Bearer fake-key' },
  });
  expect(provider.requests[1]?.messages).toEqual([
    { role: 'user', text: '17 times 23?' },
    {
      role: 'assistant',
      text: '',
      toolCalls: [
        { id: 'call_1_1', name: 'math__multiply', args: { a: 17, b: 23 } },
        { id: 'call_1_2', name: 'notes__add', args: {} },
      ],
    },
    { role: 'tool', text: '391', toolCallId: 'call_1_1', isError: false },
    { role: 'tool', text: 'noted', toolCallId: 'call_1_2', isError: false },
  ]);
  expect(provider.requests[1]?.tools[1]).toEqual({
    name: 'notes__add',
    description: 'Runs notes__add.',
    inputSchema: { type: 'object', properties: {} },
  });
});

test('malformed arguments, chosen ids and another finish reason go out as they are given', async () => {
  await using provider = await startFakeProvider(
    scriptedTurns([
      {
        kind: 'answer',
        text: 'Hm.',
        stopReason: 'length',
        toolCalls: [{ name: 'x', args: '{"a": 1', id: 'same' }],
      },
    ]),
  );
  const events = await client(provider).chat.completions.create({
    model: 'm',
    messages: [{ role: 'user', content: 'x' }],
    stream: true,
  });
  const chunks = await Array.fromAsync(events);
  const choices = chunks.flatMap((chunk) => chunk.choices);
  const calls = choices.flatMap(({ delta }) => delta.tool_calls ?? []);
  expect(choices.map(({ delta }) => delta.content ?? '').join('')).toBe('Hm.');
  expect(calls.map((call) => call.function?.arguments).join('')).toBe('{"a": 1');
  expect(calls.flatMap(({ id }) => id ?? [])).toEqual(['same']);
  expect(choices.flatMap(({ finish_reason: reason }) => reason ?? [])).toEqual(['length']);
  // Nobody asked for usage.
  expect(chunks.flatMap(({ usage }) => usage ?? [])).toEqual([]);
});

test('the same answers come whole when the client does not stream', async () => {
  await using provider = await startFakeProvider(scriptedTurns([{ ...twoCalls, text: 'Let me see.' }]));
  const completion = await client(provider).chat.completions.create({
    model: 'gpt-fake',
    messages: [{ role: 'user', content: 'x' }],
  });
  expect(completion).toMatchObject({
    object: 'chat.completion',
    model: 'gpt-fake',
    choices: [
      {
        finish_reason: 'tool_calls',
        message: {
          content: 'Let me see.',
          tool_calls: [
            {
              id: 'call_1_1',
              type: 'function',
              function: { name: 'math__multiply', arguments: '{"a":17,"b":23}' },
            },
            { id: 'call_1_2', type: 'function', function: { name: 'notes__add', arguments: '{}' } },
          ],
        },
      },
    ],
    usage: { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 },
  });
});

test.for(['dated deployment path', 'v1 path'] as const)("Azure's %s is served", async (form) => {
  await using provider = await startFakeProvider(scriptedTurns([{ kind: 'answer', text: 'from Azure' }]), {
    apiKey: 'azure-key',
  });
  const { AZURE_OPENAI_API_KEY: apiKey, AZURE_OPENAI_ENDPOINT: endpoint } = provider.azureEnv;
  const azure =
    form === 'v1 path'
      ? new OpenAI({ apiKey, baseURL: `${endpoint}/openai/v1/`, maxRetries: 0 })
      : new AzureOpenAI({ apiKey, endpoint, baseURL: '', apiVersion: '2024-10-21', maxRetries: 0 });
  const completion = await azure.chat.completions.create({
    model: 'my deployment',
    messages: [{ role: 'user', content: 'x' }],
  });
  expect(completion.choices[0]?.message.content).toBe('from Azure');
  expect(provider.requests[0]).toMatchObject({
    model: 'my deployment',
    path:
      form === 'v1 path'
        ? '/openai/v1/chat/completions'
        : '/openai/deployments/my%20deployment/chat/completions?api-version=2024-10-21',
  });
});

test("Azure's dated path without a version is not found", async () => {
  await using provider = await startFakeProvider(scriptedTurns([]));
  const response = await fetch(`${provider.url}/openai/deployments/d/chat/completions`, {
    method: 'POST',
    headers: { 'api-key': 'k' },
    body: '{}',
  });
  expect(response.status).toBe(404);
  expect(provider.problems).toEqual(['Resource not found']);
});

test('models are listed, and one that is not listed does not exist', async () => {
  await using provider = await startFakeProvider(scriptedTurns([]), { models: ['gpt-a', 'gpt-b'] });
  const { data } = await client(provider).models.list();
  expect(data.map(({ id }) => id)).toEqual(['gpt-a', 'gpt-b']);
  await expect(
    client(provider).chat.completions.create({ model: 'gpt-c', messages: [{ role: 'user', content: 'x' }] }),
  ).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
    message: expect.stringContaining('`gpt-c`'),
  });
});

test.for([
  ['another key than the one set', 'wrong', 'invalid_api_key'],
  ['the right key', 'right', undefined],
] as const)('a provider with a key answers %s accordingly', async ([, apiKey, code]) => {
  await using provider = await startFakeProvider(scriptedTurns([{ kind: 'answer', text: 'ok' }]), {
    apiKey: 'right',
  });
  const openai = new OpenAI({ apiKey, baseURL: provider.openAiEnv.OPENAI_BASE_URL, maxRetries: 0 });
  const outcome = await openai.chat.completions
    .create({ model: 'm', messages: [{ role: 'user', content: 'x' }] })
    .catch((error: unknown) => error);
  expect(outcome).toMatchObject(code === undefined ? { object: 'chat.completion' } : { status: 401, code });
});
