import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { startFakeProvider } from '../src/index.ts';
import type { FakeProvider, ProviderTurn, StreamQuirk } from '../src/index.ts';

const messages = [{ role: 'user' as const, content: 'go' }];

function answering(...quirks: StreamQuirk[]): Promise<FakeProvider> {
  const turn: ProviderTurn = {
    kind: 'answer',
    text: 'Two at once.',
    toolCalls: [
      { id: 'one', name: 'math__multiply', args: { a: 17, b: 23 } },
      { id: 'two', name: 'math__add', args: { a: 1 } },
    ],
    quirks,
  };
  return startFakeProvider(() => turn);
}

/** Every piece of a call that the real SDK hands on. */
async function chatPieces({ openAiEnv }: FakeProvider) {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = openAiEnv;
  const stream = await new OpenAI({ apiKey, baseURL, maxRetries: 0 }).chat.completions.create({
    model: 'm',
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = await Array.fromAsync(stream);
  const pieces = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
  return { pieces, usage: chunks.flatMap(({ usage }) => usage ?? []), text: textOf(chunks) };
}

function textOf(chunks: readonly OpenAI.Chat.Completions.ChatCompletionChunk[]): string {
  return chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
}

async function responseEvents({ openAiEnv }: FakeProvider) {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = openAiEnv;
  const openai = new OpenAI({ apiKey, baseURL, maxRetries: 0 });
  return Array.fromAsync(await openai.responses.create({ model: 'm', input: messages, stream: true }));
}

async function claudeEvents({ anthropicEnv }: FakeProvider) {
  const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseURL } = anthropicEnv;
  const params = { model: 'm', max_tokens: 9, messages, stream: true } as const;
  return Array.fromAsync(await new Anthropic({ apiKey, baseURL, maxRetries: 0 }).messages.create(params));
}

test('Chat Completions: a whole call in one piece, and text as ever', async () => {
  await using provider = await answering('whole-calls');
  const { pieces, text } = await chatPieces(provider);
  expect(text).toBe('Two at once.');
  expect(pieces).toEqual([
    {
      index: 0,
      id: 'one',
      type: 'function',
      function: { name: 'math__multiply', arguments: '{"a":17,"b":23}' },
    },
    { index: 1, id: 'two', type: 'function', function: { name: 'math__add', arguments: '{"a":1}' } },
  ]);
});

test('Chat Completions: calls without index, id, usage', async () => {
  await using provider = await answering('whole-calls', 'no-index', 'no-id', 'no-usage');
  const { pieces, usage } = await chatPieces(provider);
  expect(pieces).toEqual([
    { type: 'function', function: { name: 'math__multiply', arguments: '{"a":17,"b":23}' } },
    { type: 'function', function: { name: 'math__add', arguments: '{"a":1}' } },
  ]);
  expect(usage).toEqual([]);
});

test('Chat Completions: the name with every piece', async () => {
  await using provider = await answering('repeated-name');
  const { pieces } = await chatPieces(provider);
  expect(pieces.length).toBeGreaterThan(4);
  expect(new Set(pieces.map((piece) => `${piece.index} ${piece.function?.name}`))).toEqual(
    new Set(['0 math__multiply', '1 math__add']),
  );
});

test('Responses: arguments in one piece, items without index and id', async () => {
  await using provider = await answering('whole-calls', 'no-index', 'no-id', 'no-usage');
  const events = await responseEvents(provider);
  expect(
    events.flatMap((event) => (event.type === 'response.function_call_arguments.delta' ? [event.delta] : [])),
  ).toEqual(['{"a":17,"b":23}', '{"a":1}']);
  const done = events.flatMap((event) =>
    event.type === 'response.output_item.done' && event.item.type === 'function_call' ? [event] : [],
  );
  expect(done).toMatchObject([{ item: { call_id: 'one' } }, { item: { call_id: 'two' } }]);
  for (const event of done) {
    expect(event).not.toHaveProperty('output_index');
    expect(event.item).not.toHaveProperty('id');
  }
  expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { usage: null } });
});

test('Messages: arguments in one piece, blocks without index and id', async () => {
  await using provider = await answering('whole-calls', 'no-index', 'no-id');
  const events = await claudeEvents(provider);
  const json = events.flatMap((event) =>
    event.type === 'content_block_delta' && event.delta.type === 'input_json_delta'
      ? [event.delta.partial_json]
      : [],
  );
  expect(json).toEqual(['{"a":17,"b":23}', '{"a":1}']);
  const starts = events.filter(({ type }) => type === 'content_block_start');
  expect(starts).toHaveLength(3);
  for (const start of starts) expect(start).not.toHaveProperty('index');
  expect(starts[1]).not.toHaveProperty('content_block.id');
});
