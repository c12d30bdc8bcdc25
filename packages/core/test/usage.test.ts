import { createServer } from 'node:http';
import type { FakeProvider } from '@patchbay/testing';
import { scriptedTurns, startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { parseConfig } from '../src/config/load-config.ts';
import { chooseModel } from '../src/model/choose-model.ts';
import { userMessage } from '../src/model/language-model.ts';
import { priced } from '../src/model/priced.ts';
import { delegatingTools } from '../src/run/delegation.ts';
import type { RunEvent } from '../src/run/run.ts';
import { run } from '../src/run/run.ts';
import { textOutcome } from '../src/tools.ts';
import { addUsage } from '../src/usage.ts';
import { toolsOf } from './support/fake-tools.ts';
import { call, playing, say } from './support/playing.ts';

const WIRES: readonly { name: string; env: (provider: FakeProvider) => Record<string, string> }[] = [
  { name: 'Chat Completions', env: ({ openAiEnv }) => ({ ...openAiEnv, OPENAI_MODEL: 'm' }) },
  {
    name: 'Responses',
    env: ({ openAiEnv }) => ({ ...openAiEnv, OPENAI_MODEL: 'm', OPENAI_API: 'responses' }),
  },
  { name: 'Messages', env: ({ anthropicEnv }) => ({ ...anthropicEnv, ANTHROPIC_MODEL: 'm' }) },
];
const PRICE = { input: 2, output: 10, cachedInput: 0.5 };
const messages = [userMessage('go')];
const tools = toolsOf({ add: () => textOutcome('2', false) });

const usages = (events: readonly RunEvent[]): unknown[] =>
  events.flatMap((event) => (event.type === 'usage' || event.type === 'run-end' ? [event.usage] : []));

test.for(WIRES)(
  'tokens and cost are told a turn and a run by $name, the cache counted once',
  async ({ env }) => {
    await using provider = await startFakeProvider(
      scriptedTurns([
        {
          kind: 'answer',
          toolCalls: [{ name: 's__add', args: {} }],
          usage: { inputTokens: 1000, outputTokens: 100, cached: 600 },
        },
        { kind: 'answer', text: 'done', usage: { inputTokens: 2000, outputTokens: 50 } },
      ]),
    );
    const model = priced(chooseModel(env(provider)).model, PRICE);
    const events = await Array.fromAsync(run({ model, tools, messages }));
    const first = { inputTokens: 1000, outputTokens: 100, cachedInputTokens: 600, cost: 0.0021 };
    const second = { inputTokens: 2000, outputTokens: 50, cost: 0.0045 };
    const whole = {
      inputTokens: 3000,
      outputTokens: 150,
      cachedInputTokens: 600,
      cost: expect.closeTo(0.0066, 10),
    };
    expect(usages(events)).toEqual([first, second, whole]);
  },
);

test('what a cache was filled with has its price, and without one costs as any input', async () => {
  const usage = { inputTokens: 1_000_000, outputTokens: 0, cacheWriteTokens: 400_000 };
  const model = playing([[{ type: 'usage', usage }], [{ type: 'usage', usage }]]);
  const cost = async (price: { input: number; output: number; cacheWrite?: number }): Promise<unknown> =>
    usages(await Array.fromAsync(run({ model: priced(model, price), tools, messages })))[0];
  expect(await cost({ input: 10, output: 0, cacheWrite: 20 })).toEqual({ ...usage, cost: 14 });
  expect(await cost({ input: 10, output: 0 })).toEqual({ ...usage, cost: 10 });
});

test('a server that tells of its tokens with every chunk is counted once', async () => {
  const chunk = (content: string, tokens: number): string =>
    `data: ${JSON.stringify({
      id: 'c',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [{ index: 0, delta: { content }, finish_reason: null }],
      usage: { prompt_tokens: 7, completion_tokens: tokens, total_tokens: 7 + tokens },
    })}\n\n`;
  const http = createServer((_request, response) => {
    response.setHeader('content-type', 'text/event-stream');
    response.end(`${chunk('a', 1)}${chunk('b', 2)}${chunk('c', 3)}data: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const { model } = chooseModel({
    OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    OPENAI_API_KEY: 'k',
    OPENAI_MODEL: 'm',
  });
  const events = await Array.fromAsync(run({ model, tools, messages }));
  http.close();
  const all = { inputTokens: 7, outputTokens: 3 };
  expect(usages(events)).toEqual([all, all]);
});

test('what a delegated request used up counts for the run, and stays out of the conversation', async () => {
  const inner = { inputTokens: 5, outputTokens: 1, cost: 3 };
  const outer = { inputTokens: 10, outputTokens: 2, cost: 1 };
  const specialist = playing([[say('It is 2.'), { type: 'usage', usage: inner }]]);
  const model = playing([
    [call('patchbay__ask_server', { server: 's', query: 'x' }), { type: 'usage', usage: outer }],
    [say('2'), { type: 'usage', usage: outer }],
  ]);
  const sessions = {
    servers: () => [{ server: 's' }],
    check: () => Promise.reject(new Error('not asked')),
    withSession: <T>(_name: string, work: (source: typeof tools) => Promise<T>): Promise<T> => work(tools),
  };
  const source = delegatingTools({ sessions, model: specialist });
  const events = await Array.fromAsync(run({ model, tools: source, messages }));
  expect(usages(events)).toEqual([outer, inner, outer, { inputTokens: 25, outputTokens: 5, cost: 5 }]);
  expect(JSON.stringify(events.filter(({ type }) => type === 'message-added'))).not.toContain('inputTokens');
});

test('a sum has a cost when all of it is known, and the limit of tokens counts all', async () => {
  const known = { inputTokens: 1, outputTokens: 2, cost: 3, cachedInputTokens: 1 };
  const unknown = { inputTokens: 10, outputTokens: 20, cacheWriteTokens: 5 };
  expect(addUsage(known, unknown)).toEqual({
    inputTokens: 11,
    outputTokens: 22,
    cachedInputTokens: 1,
    cacheWriteTokens: 5,
  });
  expect(addUsage(known, known)).toEqual({ inputTokens: 2, outputTokens: 4, cachedInputTokens: 2, cost: 6 });
  expect(addUsage({ inputTokens: 0, outputTokens: 0 }, known)).toEqual(known);
  const model = playing([[call('s__add'), { type: 'usage', usage: unknown }], [say('enough')]]);
  const events = await Array.fromAsync(run({ model, tools, messages, limits: { maxTokens: 30 } }));
  expect(events).toContainEqual({ type: 'limit-reached', limit: 'tokens', value: 30 });
});

test('prices stand in the configuration by the id of the model, and a misspelt one is told', () => {
  const place = { source: 'mcp.json', folder: '/', env: {} };
  const text = (price: object): string =>
    JSON.stringify({ mcpServers: {}, prices: { 'openai/gpt-5.5': price } });
  expect(parseConfig(text(PRICE), place).prices).toEqual({ 'openai/gpt-5.5': PRICE });
  expect(() => parseConfig(text({ input: 1, output: 2, cached: 3 }), place)).toThrow(/cached/);
  expect(() => parseConfig(text({ input: -1, output: 2 }), place)).toThrow(/prices/);
});
