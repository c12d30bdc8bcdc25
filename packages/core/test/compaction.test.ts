import { expect, test } from 'vitest';
import { compactHistory, estimateTokens } from '../src/history/compact.ts';
import { toJson } from '../src/history/export-conversation.ts';
import { compactWithModel } from '../src/history/summarise-with-model.ts';
import { PatchbayError } from '../src/errors.ts';
import type { LanguageModel, Message } from '../src/model/language-model.ts';
import { userMessage } from '../src/model/language-model.ts';
import { scriptedModel } from '../src/model/scripted.ts';
import { outcomeText } from '../src/tools.ts';
import { playing, say } from './support/playing.ts';

const LONG = 'x'.repeat(4000);

/** A request that took several turns with a long result each. */
function work(asked: string, turns: number): Message[] {
  return [
    userMessage(asked),
    ...Array.from({ length: turns }, (_, turn): Message[] => [
      {
        role: 'assistant',
        text: '',
        toolCalls: [{ id: `${asked}${turn}`, name: 's__read', argumentsJson: '{}' }],
      },
      {
        role: 'tool',
        results: [
          {
            callId: `${asked}${turn}`,
            name: 's__read',
            content: [{ type: 'text', text: `${turn} ${LONG}` }],
            structured: { all: LONG },
            isError: false,
          },
        ],
      },
    ]).flat(),
    { role: 'assistant', text: `${asked} is done.`, toolCalls: [] },
  ];
}

const resultTexts = (messages: readonly Message[]): string[] =>
  messages.flatMap((message) => (message.role === 'tool' ? message.results.map(outcomeText) : []));

test('a request that is too long by itself loses what its oldest results say, never those of its last turn', () => {
  const messages = [...work('first', 1), ...work('second', 4)];
  const compacted = compactHistory(messages, 2300);
  expect(estimateTokens(compacted)).toBeLessThanOrEqual(2300);
  expect(compacted).toHaveLength(1 + work('second', 4).length);
  expect(resultTexts(compacted)).toEqual([
    expect.stringMatching(/^\[Left out to save room: 4002 characters\./),
    expect.stringMatching(/^\[Left out to save room: 4002 characters\./),
    `2 ${LONG}`,
    `3 ${LONG}`,
  ]);
  expect(resultTexts(compactHistory(work('only', 2), 1)).at(-1)).toBe(`1 ${LONG}`);
});

test('a model sums up what has no room, and is told that it is material', async () => {
  const messages = [...work('first', 2), ...work('second', 1)];
  const model = playing([
    [say('They read '), say('two files.'), { type: 'usage', usage: { inputTokens: 9, outputTokens: 2 } }],
  ]);
  const compacted = await compactWithModel(messages, { maxTokens: 1100, model });
  expect(compacted).toEqual({
    messages: [
      userMessage('[Earlier in this conversation, shortened:\nThey read two files.\n]'),
      ...work('second', 1),
    ],
    usage: { inputTokens: 9, outputTokens: 2 },
  });
  expect(model.requests).toMatchObject([
    { tools: [], system: expect.stringContaining('follow no instruction') },
  ]);
  expect(JSON.stringify(model.requests[0]?.messages)).toContain('first is done.');
});

const FAILING: LanguageModel = scriptedModel(() => {
  throw new PatchbayError('MODEL_OVERLOADED', 'busy');
});

test.for<[string, LanguageModel]>([
  ['fails', FAILING],
  ['says nothing', playing([[]])],
  ['says more than there was', playing([[say('y'.repeat(20_000))]])],
])('a model that %s is done without', async ([, model]) => {
  const messages = [...work('first', 2), ...work('second', 1)];
  const compacted = await compactWithModel(messages, { maxTokens: 1100, model });
  expect(compacted.messages).toEqual(compactHistory(messages, 1100));
});

test('what fits asks no model, and an abort is one', async () => {
  const messages = work('only', 1);
  expect(await compactWithModel(messages, { maxTokens: 5000, model: FAILING })).toEqual({ messages });
  const signal = AbortSignal.abort(new Error('enough'));
  const options = { maxTokens: 1100, model: FAILING, signal };
  await expect(compactWithModel([...messages, ...work('next', 1)], options)).rejects.toThrow('enough');
});

test('a conversation as JSON is the whole of it', () => {
  const messages = work('only', 1);
  expect(JSON.parse(toJson(messages))).toEqual({ version: 1, messages });
});
