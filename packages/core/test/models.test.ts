import type { FakeProvider, ProviderTurn } from '@patchbay/testing';
import { scriptedTurns, startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { chooseModel } from '../src/model/choose-model.ts';
import type { ModelEvent, ModelRequest } from '../src/model/language-model.ts';
import { userMessage } from '../src/model/language-model.ts';
import type { RunEvent } from '../src/run/run.ts';
import { run } from '../src/run/run.ts';
import { textOutcome } from '../src/tools.ts';
import { definition, toolsOf } from './support/fake-tools.ts';
import { PROVIDERS } from './support/providers.ts';

const request: ModelRequest = { messages: [userMessage('hi')], tools: [definition('add')] };

async function eventsOf(provider: FakeProvider, env: Record<string, string>): Promise<ModelEvent[]> {
  const events = await Array.fromAsync(chooseModel(env).model.stream(request));
  expect(provider.problems).toEqual([]);
  return events;
}

test.for(PROVIDERS)('$name streams text, parallel calls and usage', async ({ env }) => {
  const turn: ProviderTurn = {
    kind: 'answer',
    text: 'Let me calculate.',
    toolCalls: [
      { id: 'one', name: 's__add', args: { a: 17, b: 23 } },
      { id: 'two', name: 's__add', args: {} },
    ],
    usage: { inputTokens: 7, outputTokens: 9 },
  };
  await using provider = await startFakeProvider(() => turn);
  const events = await eventsOf(provider, env(provider));
  const text = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []));
  expect(text.length).toBeGreaterThan(1);
  expect(text.join('')).toBe('Let me calculate.');
  const calls = events.flatMap((event) => (event.type === 'tool-call' ? [event.call] : []));
  expect(
    calls.map(({ argumentsJson, ...call }) => ({ ...call, args: JSON.parse(argumentsJson || '{}') })),
  ).toEqual([
    { id: 'one', name: 's__add', args: { a: 17, b: 23 } },
    { id: 'two', name: 's__add', args: {} },
  ]);
  expect(events.filter(({ type }) => type === 'usage')).toEqual([
    { type: 'usage', usage: { inputTokens: 7, outputTokens: 9 } },
  ]);
});

test.for(PROVIDERS)('a run of several turns keeps a history that $name accepts', async ({ env }) => {
  const call = (name: string, args: object | string): ProviderTurn => ({
    kind: 'answer',
    toolCalls: [{ name, args }],
  });
  await using provider = await startFakeProvider(
    scriptedTurns([
      {
        kind: 'answer',
        text: 'Two at once.',
        toolCalls: [
          { name: 's__add', args: { a: 1 } },
          { name: 's__fail', args: {} },
        ],
      },
      call('s__nope', {}),
      call('s__add', '{"a": '),
      { kind: 'answer', text: 'All done.' },
    ]),
  );
  const tools = toolsOf({ add: () => textOutcome('2', false), fail: () => textOutcome('it failed', true) });
  const { model } = chooseModel(env(provider));
  const events: RunEvent[] = await Array.fromAsync(
    run({ model, tools, messages: [userMessage('go')], system: 'Be good.' }),
  );
  expect(provider.problems).toEqual([]);
  expect(events.at(-1)).toMatchObject({ type: 'run-end', reason: 'answered' });
  const last = provider.requests.at(-1);
  expect(last?.system).toBe('Be good.');
  expect(last?.messages.map(({ role, text }) => [role, text])).toEqual([
    ['user', 'go'],
    ['assistant', 'Two at once.'],
    ['tool', '2'],
    ['tool', 'it failed'],
    ['assistant', ''],
    ['tool', 'There is no tool named "s__nope".'],
    ['assistant', ''],
    ['tool', 'The arguments of s__add are not a JSON object: {"a": '],
  ]);
});

test.for(PROVIDERS)('at the limit of turns $name is asked for an answer without tools', async ({ env }) => {
  await using provider = await startFakeProvider(({ body }) =>
    body['tool_choice'] === undefined
      ? { kind: 'answer', toolCalls: [{ name: 's__add', args: {} }] }
      : { kind: 'answer', text: 'As far as I got.' },
  );
  const { model } = chooseModel(env(provider));
  const tools = toolsOf({ add: () => textOutcome('2', false) });
  const events = await Array.fromAsync(
    run({ model, tools, messages: [userMessage('go')], limits: { maxTurns: 1 } }),
  );
  expect(provider.problems).toEqual([]);
  expect(events.at(-1)).toMatchObject({
    reason: 'limit',
    messages: [{}, {}, { text: 'As far as I got.' }],
  });
});

test.for([
  ['plain', 'The tool is {"tool": "s__add", "arguments": {"a": 1}}'],
  ['fenced', 'I will use it.\n```json\n{"name": "s__add", "arguments": {"a": 1}}\n```'],
  ['of another spelling', '{"tool": "s__add", "args": {"a": 1}}'],
] as const)('a model without function calling calls a tool by a JSON object, %s', async ([, text]) => {
  await using provider = await startFakeProvider(
    scriptedTurns([
      { kind: 'answer', text },
      ({ messages }) => ({ kind: 'answer', text: `The tool said: ${messages.at(-1)?.text ?? ''}` }),
    ]),
  );
  const env = {
    GROQ_API_KEY: 'k',
    GROQ_BASE_URL: `${provider.url}/openai/v1`,
    PATCHBAY_TOOL_CALLING: 'prompted',
  };
  const { model } = chooseModel(env, 'groq/llama');
  const tools = toolsOf({ add: ({ a }) => textOutcome(`got ${String(a)}`, false) });
  const events = await Array.fromAsync(
    run({ model, tools, messages: [userMessage('go')], system: 'Hello.' }),
  );
  expect(provider.problems).toEqual([]);
  expect(provider.requests[0]?.tools).toEqual([]);
  expect(provider.requests[0]?.system).toMatch(/^Hello\.\n\n[\s\S]*"name":"s__add"/);
  expect(events.at(-1)).toMatchObject({
    type: 'run-end',
    messages: [
      { toolCalls: [{ name: 's__add', argumentsJson: '{"a":1}' }] },
      {},
      { text: 'The tool said: Result of s__add:\ngot 1' },
    ],
  });
});

test('a call whose JSON is broken is sent back to be mended', async () => {
  await using provider = await startFakeProvider(
    scriptedTurns([
      { kind: 'answer', text: '{"tool": "s__add", "arguments": {"a": 1,}' },
      ({ messages }) => {
        expect(messages.at(-2)?.text).toBe('{"tool": "s__add", "arguments": {"a": 1,}');
        expect(messages.at(-1)?.text).toMatch(
          /Error of s__add:\nThe arguments of s__add are not a JSON object/,
        );
        return { kind: 'answer', text: '{"tool": "s__add", "arguments": {"a": 1}}' };
      },
      { kind: 'answer', text: 'Done.' },
    ]),
  );
  const env = { ...provider.openAiEnv, OPENAI_MODEL: 'm', PATCHBAY_TOOL_CALLING: 'prompted' };
  const tools = toolsOf({ add: ({ a }) => textOutcome(`got ${String(a)}`, false) });
  const { model } = chooseModel(env);
  const events = await Array.fromAsync(run({ model, tools, messages: [userMessage('go')] }));
  expect(provider.problems).toEqual([]);
  expect(events.flatMap((event) => (event.type === 'tool-result' ? [event.result.isError] : []))).toEqual([
    true,
    false,
  ]);
});

test('an answer with a JSON object that is no call stays an answer', async () => {
  await using provider = await startFakeProvider(() => ({
    kind: 'answer',
    text: 'The file holds {"a": 1}.',
  }));
  const env = { ...provider.openAiEnv, OPENAI_MODEL: 'm', PATCHBAY_TOOL_CALLING: 'prompted' };
  const events = await Array.fromAsync(chooseModel(env).model.stream(request));
  expect(events.filter(({ type }) => type !== 'usage')).toEqual([
    { type: 'text-delta', text: 'The file holds {"a": 1}.' },
  ]);
});

test('the older form of the Messages API has its own version and header', async () => {
  await using provider = await startFakeProvider(() => ({ kind: 'answer', text: 'hi' }));
  await eventsOf(provider, { ...provider.anthropicEnv, ANTHROPIC_MODEL: 'm', ANTHROPIC_LEGACY: '1' });
  await eventsOf(provider, { ...provider.anthropicEnv, ANTHROPIC_MODEL: 'm' });
  const [older, current] = provider.requests.map(({ headers }) => headers);
  expect(older).toMatchObject({ 'anthropic-version': '2023-06-01', 'x-api-key': 'fake-key' });
  expect(older).not.toHaveProperty('authorization');
  expect(current).toMatchObject({ 'anthropic-version': '2026-10-21', authorization: 'Bearer fake-key' });
});
