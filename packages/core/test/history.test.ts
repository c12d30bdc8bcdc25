import { requestRefusal } from '@patchbay/testing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compactHistory, estimateTokens, toExchanges } from '../src/history/compact.ts';
import { toMarkdown } from '../src/history/export-conversation.ts';
import { repairHistory } from '../src/history/repair.ts';
import { toMessagesBody } from '../src/model/anthropic-messages.ts';
import type { Message } from '../src/model/language-model.ts';
import { userMessage } from '../src/model/language-model.ts';
import { toChatBody } from '../src/model/openai-chat.ts';
import { toResponsesBody } from '../src/model/openai-responses.ts';
import type { ContentPart, ToolCall } from '../src/tools.ts';
import { definition } from './support/fake-tools.ts';

const word = fc.stringMatching(/^[a-z]{1,12}$/);
// Few ids, so that they are repeated, within a turn and between turns.
const callId = fc.constantFrom('', 'call_1', 'call_2', 'call_3');
const call: fc.Arbitrary<ToolCall> = fc.record({
  id: callId,
  name: fc.constantFrom('s__add', 's__gone'),
  argumentsJson: fc.constantFrom('{}', '{"a":1}', '', '{"a": '),
});
const text = fc.oneof(word, fc.constantFrom('', ' \n'));
const part: fc.Arbitrary<ContentPart> = fc.oneof(
  text.map((said) => ({ type: 'text' as const, text: said })),
  fc
    .constantFrom('image/png', 'image/tiff')
    .map((mimeType) => ({ type: 'image' as const, mimeType, data: 'AA==' })),
  fc
    .constantFrom('application/pdf', 'audio/wav')
    .map((mimeType) => ({ type: 'file' as const, mimeType, data: 'AA==' })),
);
const result = fc.record({
  callId,
  name: fc.constant('s__add'),
  content: fc.array(part, { maxLength: 3 }),
  isError: fc.boolean(),
});
/** Any messages in any order: what is left after crashes, cuts and mistakes of any kind. */
const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  text.map(userMessage),
  fc.record({
    role: fc.constant('assistant' as const),
    text,
    toolCalls: fc.array(call, { maxLength: 3 }),
  }),
  fc.record({ role: fc.constant('tool' as const), results: fc.array(result, { maxLength: 4 }) }),
);
const anyHistory = fc.array(anyMessage, { maxLength: 12 });

/** What a provider would say of the history as the beginning of a request, by rules that core knows nothing of. */
function refusals(history: readonly Message[]): (string | undefined)[] {
  const request = { messages: [...history, userMessage('and now?')], tools: [definition('add')] };
  return [
    requestRefusal('openai-chat', toChatBody(request, { model: 'm', toolImages: 'sent' })),
    requestRefusal('openai-responses', toResponsesBody('m', request)),
    requestRefusal('anthropic-messages', toMessagesBody('m', request)),
  ];
}

const ACCEPTED = [undefined, undefined, undefined];

test('whatever has happened to a conversation, every wire format takes it once it is repaired', () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      expect(refusals(repairHistory(history))).toEqual(ACCEPTED);
    }),
    { numRuns: 500 },
  );
});

test('what is whole is left as it is', () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const once = repairHistory(history);
      expect(repairHistory(once)).toEqual(once);
    }),
  );
});

test('a conversation that is cut at any message, continued and shortened stays whole', () => {
  fc.assert(
    fc.property(
      anyHistory,
      anyHistory,
      fc.nat(12),
      fc.integer({ min: 1, max: 200 }),
      (before, after, cut, tokens) => {
        const whole = repairHistory(before);
        const resumed = repairHistory([...whole.slice(0, cut), userMessage('again'), ...after]);
        expect(refusals(compactHistory(resumed, tokens))).toEqual(ACCEPTED);
      },
    ),
    { numRuns: 300 },
  );
});

test('a call that was cut off gets a result that says so, and a result without a call goes', () => {
  const calls: ToolCall[] = [
    { id: 'a', name: 's__add', argumentsJson: '{}' },
    { id: 'b', name: 's__add', argumentsJson: '{}' },
  ];
  const done = {
    callId: 'b',
    name: 's__add',
    content: [{ type: 'text' as const, text: '2' }],
    isError: false,
  };
  const stray = { ...done, callId: 'z' };
  expect(
    repairHistory([
      { role: 'tool', results: [stray] },
      userMessage('go'),
      { role: 'assistant', text: '', toolCalls: calls },
      { role: 'tool', results: [done, stray] },
    ]),
  ).toEqual([
    userMessage('go'),
    { role: 'assistant', text: '', toolCalls: calls },
    {
      role: 'tool',
      results: [
        {
          callId: 'a',
          name: 's__add',
          content: [{ type: 'text', text: expect.stringContaining('interrupted') }],
          isError: true,
        },
        done,
      ],
    },
  ]);
});

function exchange(request: string, answer: string): Message[] {
  const results = [
    { callId: request, name: 's__add', content: [{ type: 'text' as const, text: 'r' }], isError: false },
  ];
  return [
    userMessage(request),
    { role: 'assistant', text: '', toolCalls: [{ id: request, name: 's__add', argumentsJson: '{}' }] },
    { role: 'tool', results },
    { role: 'assistant', text: answer, toolCalls: [] },
  ];
}

test('the oldest exchanges become a line each, the last ones stay whole', () => {
  const long = 'x'.repeat(4000);
  const history = [...exchange('first', long), ...exchange('second', long), ...exchange('third', 'short')];
  const compacted = compactHistory(history, 1300);
  expect(estimateTokens(compacted)).toBeLessThanOrEqual(1300);
  expect(compacted.slice(1)).toEqual([...exchange('second', long), ...exchange('third', 'short')]);
  expect(compacted[0]).toEqual(
    userMessage(
      `[Earlier in this conversation, shortened:\n- asked: first; tools: s__add; answered: ${'x'.repeat(199)}…\n]`,
    ),
  );
});

test('what fits is not touched, and the last exchange stays however long it is', () => {
  const history = [...exchange('a', 'b'), ...exchange('c', 'x'.repeat(4000))];
  expect(compactHistory(history, 100_000)).toBe(history);
  expect(compactHistory(history, 1).slice(1)).toEqual(history.slice(4));
  expect(toExchanges(history)).toHaveLength(2);
});

test('a conversation reads as a document, and no result can end its fence', () => {
  const results = [
    {
      callId: 'a',
      name: 's__x',
      content: [{ type: 'text' as const, text: '```\n# not a heading' }],
      isError: false,
    },
  ];
  expect(
    toMarkdown([
      userMessage('What is there?'),
      { role: 'assistant', text: 'Let me see.', toolCalls: [{ id: 'a', name: 's__x', argumentsJson: '{}' }] },
      { role: 'tool', results },
      { role: 'assistant', text: 'A file.', toolCalls: [] },
    ]),
  ).toBe('## What is there?\n\nLet me see.\n\n`s__x({})`\n\n````\n```\n# not a heading\n````\n\nA file.\n');
});
