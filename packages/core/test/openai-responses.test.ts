import { requestRefusal, startFakeProvider } from '@patchbay/testing';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { chooseModel } from '../src/model/choose-model.ts';
import type { LanguageModel, Message, ModelEvent } from '../src/model/language-model.ts';
import { userMessage } from '../src/model/language-model.ts';
import { openAiResponses, toResponsesBody } from '../src/model/openai-responses.ts';
import { toModelError } from '../src/model/provider-error.ts';
import type { ContentPart } from '../src/tools.ts';
import { definition } from './support/fake-tools.ts';

const request = { messages: [userMessage('hi')], tools: [definition('add')] };

type Sent = { type: string } & Record<string, unknown>;

/** A model whose provider sends these events and closes the connection as if all were well. */
function modelHearing(
  events: readonly Sent[],
  nameOf = ({ type }: Sent): string => `event: ${type}\n`,
): LanguageModel {
  const body = events
    .map((event, index) => {
      const data = JSON.stringify({ sequence_number: index, ...event });
      return `${nameOf(event)}data: ${data}\n\n`;
    })
    .join('');
  const headers = { 'content-type': 'text/event-stream' };
  return openAiResponses({
    id: 'openai/m',
    model: 'm',
    openClient: async () =>
      new OpenAI({
        apiKey: 'k',
        maxRetries: 0,
        logLevel: 'off',
        fetch: async () => new Response(body, { headers }),
      }),
    toError: (error) =>
      toModelError(error, {
        label: 'OpenAI',
        model: 'm',
        baseUrl: 'https://api.openai.com/v1',
        keyVariable: 'OPENAI_API_KEY',
      }),
  });
}

const text = (delta: string, item = 'msg_1') => ({
  type: 'response.output_text.delta',
  item_id: item,
  output_index: 0,
  content_index: 0,
  delta,
});
const completed = { type: 'response.completed', response: { status: 'completed', output: [] } };

function textOf(events: readonly ModelEvent[]): string {
  return events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
}

test('an answer that ends without the event that says so is an error', async () => {
  await expect(Array.fromAsync(modelHearing([text('Half of')]).stream(request))).rejects.toMatchObject({
    code: 'MODEL_FAILED',
    message: 'OpenAI broke off the answer: the stream ended in the middle of it',
  });
});

test.for([
  ['rate_limit_exceeded', 'MODEL_RATE_LIMITED'],
  ['insufficient_quota', 'MODEL_NO_CREDIT'],
  ['context_length_exceeded', 'MODEL_CONTEXT_FULL'],
  ['server_error', 'MODEL_OVERLOADED'],
  ['invalid_prompt', 'MODEL_FAILED'],
] as const)(
  'a failure in mid-stream with the code %s is %s, in both of its forms',
  async ([code, expected]) => {
    const error = { code, message: 'That is why.' };
    const failures = [
      { type: 'error', ...error, param: null },
      { type: 'response.failed', response: { status: 'failed', error } },
    ];
    for (const failure of failures) {
      const model = modelHearing([text('Half'), failure]);
      await expect(Array.fromAsync(model.stream(request))).rejects.toMatchObject({
        code: expected,
        message: expect.stringMatching(/That is why\.$/),
      });
    }
  },
);

test('a failed response without a reason is an error too', async () => {
  const model = modelHearing([{ type: 'response.failed', response: { status: 'failed', error: null } }]);
  await expect(Array.fromAsync(model.stream(request))).rejects.toMatchObject({ code: 'MODEL_FAILED' });
});

test('two messages of one answer are paragraphs, and a refusal is said', async () => {
  const refusal = { ...text('I cannot.', 'msg_2'), type: 'response.refusal.delta' };
  const model = modelHearing([text('I look '), text('into it.'), refusal, completed]);
  expect(textOf(await Array.fromAsync(model.stream(request)))).toBe('I look into it.\n\nI cannot.');
});

test('an answer that reached its limit is kept, with its usage', async () => {
  await using provider = await startFakeProvider(() => ({
    kind: 'answer',
    text: 'As far as I got',
    stopReason: 'max_output_tokens',
  }));
  const { model } = chooseModel({ ...provider.openAiEnv, OPENAI_MODEL: 'm', OPENAI_API: 'responses' });
  const events = await Array.fromAsync(model.stream({ ...request, maxOutputTokens: 5 }));
  expect(provider.problems).toEqual([]);
  expect(textOf(events)).toBe('As far as I got');
  expect(events.slice(-2)).toEqual([
    { type: 'usage', usage: { inputTokens: 10, outputTokens: 20 } },
    { type: 'answer-cut' },
  ]);
});

test('an overload before the first word is tried again, in whichever form it comes', async () => {
  for (const form of ['error', 'response.failed'] as const) {
    let asked = 0;
    await using provider = await startFakeProvider(() => {
      asked += 1;
      return asked === 1
        ? { kind: 'error-event', form, partial: { toolCalls: [{ name: 's__add', args: {} }] } }
        : { kind: 'answer', text: 'Here.' };
    });
    const { model } = chooseModel({ ...provider.openAiEnv, OPENAI_MODEL: 'm', OPENAI_API: 'responses' });
    const events = await Array.fromAsync(model.stream(request));
    expect(events[0]).toMatchObject({ type: 'retry', attempt: 1 });
    expect(textOf(events)).toBe('Here.');
  }
});

test('nothing is stored at the provider, and the history goes along whole', async () => {
  await using provider = await startFakeProvider(() => ({ kind: 'answer', text: 'ok' }));
  const { model } = chooseModel({ ...provider.openAiEnv, OPENAI_MODEL: 'm', OPENAI_API: 'responses' });
  const image: ContentPart = { type: 'image', mimeType: 'image/png', data: 'AA==' };
  const drawing: ContentPart = { type: 'image', mimeType: 'image/svg+xml', data: 'AA==' };
  const messages: Message[] = [
    { role: 'user', content: [{ type: 'text', text: 'Plot it.' }, image] },
    {
      role: 'assistant',
      text: 'I plot.',
      toolCalls: [
        { id: 'a', name: 's__add', argumentsJson: '' },
        { id: 'b', name: 's__add', argumentsJson: '{"a":1}' },
      ],
    },
    {
      role: 'tool',
      results: [
        {
          callId: 'a',
          name: 's__add',
          content: [{ type: 'text', text: 'Done.' }, image, drawing],
          isError: false,
        },
        { callId: 'b', name: 's__add', content: [{ type: 'text', text: 'no' }], isError: true },
      ],
    },
  ];
  await Array.fromAsync(model.stream({ system: 'Be brief.', messages, tools: [definition('add')] }));
  expect(provider.problems).toEqual([]);
  const png = { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,AA==' };
  expect(provider.requests[0]?.body).toEqual({
    model: 'm',
    stream: true,
    store: false,
    instructions: 'Be brief.',
    input: [
      { role: 'user', content: [{ type: 'input_text', text: 'Plot it.' }, png] },
      { role: 'assistant', content: 'I plot.' },
      { type: 'function_call', call_id: 'a', name: 's__add', arguments: '{}' },
      { type: 'function_call', call_id: 'b', name: 's__add', arguments: '{"a":1}' },
      {
        type: 'function_call_output',
        call_id: 'a',
        output: [
          { type: 'input_text', text: 'Done.' },
          png,
          { type: 'input_text', text: '[image image/svg+xml, 1 B, which the model cannot read]' },
        ],
      },
      { type: 'function_call_output', call_id: 'b', output: 'no' },
    ],
    tools: [
      expect.objectContaining({
        type: 'function',
        name: 's__add',
        strict: false,
        parameters: expect.objectContaining({ type: 'object', properties: expect.anything() }),
      }),
    ],
  });
});

test('call ids of other providers fit, however long they are', () => {
  const ids = ['x'.repeat(65), `${'x'.repeat(65)}y`];
  const body = toResponsesBody('m', {
    tools: [],
    messages: [
      userMessage('go'),
      {
        role: 'assistant',
        text: '',
        toolCalls: ids.map((id) => ({ id, name: 's__add', argumentsJson: '{}' })),
      },
      {
        role: 'tool',
        results: ids.map((callId) => ({ callId, name: 's__add', content: [], isError: false })),
      },
    ],
  });
  expect(requestRefusal('openai-responses', body)).toBeUndefined();
});
