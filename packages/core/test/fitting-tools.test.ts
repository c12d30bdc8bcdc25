import { scriptedTurns, startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { chooseModel } from '../src/model/choose-model.ts';
import { userMessage } from '../src/model/language-model.ts';
import type { RunEvent } from '../src/run/run.ts';
import { run } from '../src/run/run.ts';
import { definitionTokens } from '../src/surface/definition-size.ts';
import { describedText } from '../src/surface/meta-results.ts';
import type { JsonSchema, ToolDefinition, ToolSource } from '../src/tools.ts';
import { textOutcome } from '../src/tools.ts';
import { definition } from './support/fake-tools.ts';

const messages = [userMessage('go')];

/** Tools that answer with the arguments that they were called with. */
function echoing(schemas: Readonly<Record<string, JsonSchema>>): ToolSource {
  const tools: ToolDefinition[] = Object.entries(schemas).map(([name, inputSchema]) => ({
    ...definition(name),
    inputSchema,
  }));
  return {
    listTools: () => tools,
    callTool: (_name, args) => Promise.resolve(textOutcome(JSON.stringify(args), false)),
  };
}

const results = (events: readonly RunEvent[]): unknown[] =>
  events.flatMap((event) => (event.type === 'tool-result' ? [event.result.content[0]] : []));
const leftOut = (events: readonly RunEvent[]): unknown[] =>
  events.filter(({ type }) => type === 'tool-left-out');

const tools = echoing({
  find: {
    type: 'object',
    properties: { 'filter[tag]': { type: 'object' }, level: { type: 'integer', enum: [1, 2] } },
    required: ['level'],
  },
});

test('a model at Gemini calls a tool in its own form, the tool gets its own, and the history stays in the first', async () => {
  const written = { level: '2', filter_tag_: '{"a":[1]}' };
  await using provider = await startFakeProvider(
    scriptedTurns([
      { kind: 'answer', toolCalls: [{ name: 's__find', args: written }] },
      { kind: 'answer', text: 'done' },
    ]),
  );
  const { model } = chooseModel({
    GEMINI_API_KEY: 'k',
    GEMINI_BASE_URL: `${provider.url}/v1`,
    GEMINI_MODEL: 'm',
  });
  const events = await Array.fromAsync(run({ model, tools, messages }));
  expect(provider.problems).toEqual([]);
  expect(results(events)).toEqual([{ type: 'text', text: '{"level":2,"filter[tag]":{"a":[1]}}' }]);
  const [asked] = provider.requests[1]?.messages.filter(({ role }) => role === 'assistant') ?? [];
  expect(asked).toMatchObject({ toolCalls: [{ name: 's__find', args: written }] });
});

test('arguments in the wrong form go to the model with what the tool itself asks for', async () => {
  await using provider = await startFakeProvider(
    scriptedTurns([
      { kind: 'answer', toolCalls: [{ name: 's__find', args: { level: '9', filter_tag_: 'no JSON' } }] },
      { kind: 'answer', text: 'done' },
    ]),
  );
  const { model } = chooseModel({ ...provider.anthropicEnv, ANTHROPIC_MODEL: 'm' });
  const events = await Array.fromAsync(run({ model, tools, messages }));
  expect(results(events)).toEqual([
    { type: 'text', text: expect.stringMatching(/do not fit its schema: .*Required: level/) },
  ]);
});

const REFUSALS: readonly { title: string; body: unknown }[] = [
  {
    title: 'OpenAI',
    body: {
      error: {
        message: "Invalid schema for function 's__bad': In context=(), nothing fits.",
        type: 'invalid_request_error',
        param: 'tools[0].function.parameters',
        code: 'invalid_function_parameters',
      },
    },
  },
  {
    title: 'Anthropic',
    body: {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'tools.0.custom.input_schema: nothing fits' },
    },
  },
  {
    title: 'Gemini',
    body: {
      error: {
        code: 400,
        message: 'Unknown name "x" at \'tools[0].function_declarations[0].parameters\': Cannot find field.',
        status: 'INVALID_ARGUMENT',
      },
    },
  },
];

test.for(REFUSALS)(
  'a tool that a provider refuses in the words of $title is left out, and the others stay',
  async ({ body }) => {
    await using provider = await startFakeProvider(({ tools: sent, messages: said }) => {
      if (sent.some(({ name }) => name === 's__bad')) return { kind: 'http-error', status: 400, body };
      return said.some(({ role }) => role === 'tool')
        ? { kind: 'answer', text: 'done' }
        : { kind: 'answer', toolCalls: [{ name: 's__good', args: {} }] };
    });
    const { model } = chooseModel({ ...provider.openAiEnv, OPENAI_MODEL: 'm' });
    const events = await Array.fromAsync(
      run({ model, messages, tools: echoing({ bad: { type: 'object' }, good: { type: 'object' } }) }),
    );
    expect(leftOut(events)).toEqual([
      {
        type: 'tool-left-out',
        tool: 's__bad',
        reason: expect.stringMatching(/^openai\/m refuses it: .*HTTP 400/),
      },
    ]);
    expect(results(events)).toEqual([{ type: 'text', text: '{}' }]);
    // It is refused once, not at every turn.
    expect(provider.requests).toHaveLength(3);
  },
);

test('a tool that no object can be passed to is left out before anyone is asked', async () => {
  await using provider = await startFakeProvider(() => ({ kind: 'answer', text: 'done' }));
  const { model } = chooseModel({ ...provider.openAiEnv, OPENAI_MODEL: 'm' });
  const source = echoing({ bad: { type: 'string' }, good: { type: 'object' } });
  const first = await Array.fromAsync(run({ model, messages, tools: source }));
  const second = await Array.fromAsync(run({ model, messages, tools: source }));
  expect(leftOut([...first, ...second])).toEqual([
    { type: 'tool-left-out', tool: 's__bad', reason: expect.stringContaining('of the type string') },
  ]);
  expect(provider.requests.map(({ tools: sent }) => sent.map(({ name }) => name))).toEqual([
    ['s__good'],
    ['s__good'],
  ]);
});

test('a refusal that names no tool fails the run', async () => {
  await using provider = await startFakeProvider(() => ({
    kind: 'http-error',
    status: 400,
    body: { error: { message: 'messages[3].tool_calls[0] is wrong', param: 'messages' } },
  }));
  const { model } = chooseModel({ ...provider.openAiEnv, OPENAI_MODEL: 'm' });
  await expect(Array.fromAsync(run({ model, messages, tools }))).rejects.toMatchObject({
    code: 'MODEL_FAILED',
  });
  expect(provider.requests).toHaveLength(1);
});

test('a tool whose schema is nested thousands of levels deep is left out, and no other is', async () => {
  const nested = (levels: number): JsonSchema =>
    JSON.parse(`${'{"items":'.repeat(levels)}{}${'}'.repeat(levels)}`);
  const odd = echoing({
    deep: nested(20_000),
    default: { type: 'object', default: nested(20_000) },
    flat: nested(100),
  });
  expect(definitionTokens(odd.listTools())).toBeLessThan(1000);
  for (const tool of odd.listTools()) expect(describedText(tool)).toContain(tool.name);
  await using provider = await startFakeProvider(scriptedTurns([{ kind: 'answer', text: 'done' }]));
  const { model } = chooseModel({ ...provider.openAiEnv, OPENAI_MODEL: 'm' });
  const events = await Array.fromAsync(run({ model, tools: odd, messages }));
  const reason = 'its schema is nested more than 256 levels deep';
  expect(leftOut(events)).toEqual([
    { type: 'tool-left-out', tool: 's__deep', reason },
    { type: 'tool-left-out', tool: 's__default', reason },
  ]);
  expect(provider.requests[0]?.tools.map(({ name }) => name)).toEqual(['s__flat']);
});

test('data that is nested thousands of levels deep is no part of a result, which can be written down', async () => {
  await using provider = await startFakeProvider(
    scriptedTurns([
      { kind: 'answer', toolCalls: [{ name: 's__dig', args: {} }] },
      { kind: 'answer', text: 'done' },
    ]),
  );
  const { model } = chooseModel({ ...provider.openAiEnv, OPENAI_MODEL: 'm' });
  const structured: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
  const digging: ToolSource = {
    ...echoing({ dig: { type: 'object' } }),
    callTool: () => Promise.resolve({ ...textOutcome('deep', false), structured }),
  };
  const events = await Array.fromAsync(run({ model, tools: digging, messages }));
  expect(results(events)).toEqual([{ type: 'text', text: 'deep' }]);
  expect(JSON.stringify(events)).toContain('done');
});
