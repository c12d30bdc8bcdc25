import { expect, test } from 'vitest';
import type { ModelEvent } from '../src/model/language-model.ts';
import { userMessage } from '../src/model/language-model.ts';
import { allowTrustedReads } from '../src/run/approval.ts';
import { run } from '../src/run/run.ts';
import type { ToolSource } from '../src/tools.ts';
import { outcomeText, textOutcome } from '../src/tools.ts';
import { definition, toolsOf } from './support/fake-tools.ts';
import { added, call, collect, playing, say } from './support/playing.ts';

const messages = [userMessage('go')];

test('a run asks, calls, and answers, and hands over what it adds to the conversation', async () => {
  const model = playing([[say('Let me see. '), call('s__add', { a: 1 })], [say('It is 2.')]]);
  const tools = toolsOf({ add: ({ a }) => textOutcome(`got ${String(a)}`, false) });
  const events = await collect({ model, tools, messages });
  expect(events.map(({ type }) => type)).toEqual([
    'turn-start',
    'text-delta',
    'message-added',
    'tool-call',
    'tool-result',
    'message-added',
    'turn-start',
    'text-delta',
    'message-added',
    'run-end',
  ]);
  expect(added(events)).toEqual([
    {
      role: 'assistant',
      text: 'Let me see. ',
      toolCalls: [{ id: 's__add', name: 's__add', argumentsJson: '{"a":1}' }],
    },
    {
      role: 'tool',
      results: [
        { callId: 's__add', name: 's__add', content: [{ type: 'text', text: 'got 1' }], isError: false },
      ],
    },
    { role: 'assistant', text: 'It is 2.', toolCalls: [] },
  ]);
  expect(model.requests[1]?.messages).toEqual([...messages, ...added(events).slice(0, 2)]);
});

test('how far a call is comes before its result, and nothing after it', async () => {
  const model = playing([[call('s__count', {}), call('s__other', {})], [say('Done.')]]);
  const listed = toolsOf({ count: () => textOutcome('', false), other: () => textOutcome('', false) });
  const tools: ToolSource = {
    listTools: () => listed.listTools(),
    async callTool(name, _args, _signal, onProgress) {
      if (name === 's__other') return textOutcome('other', false);
      onProgress?.({ progress: 1, total: 3 });
      onProgress?.({ progress: 2, total: 3 });
      await new Promise((resolve) => setImmediate(resolve));
      setImmediate(() => onProgress?.({ progress: 3, total: 3 }));
      return textOutcome('counted', false);
    },
  };
  const events = await collect({ model, tools, messages });
  const told = events.flatMap((event) => {
    if (event.type === 'tool-progress') return [`${event.tool?.tool} ${event.progress.progress}`];
    return event.type === 'tool-result' ? [outcomeText(event.result)] : [];
  });
  expect(told).toEqual(['count 2', 'other', 'counted']);
});

test('calls of one turn run at the same time, and their results stand in call order', async () => {
  const gates = { slow: Promise.withResolvers<void>(), quick: Promise.withResolvers<void>() };
  const tools = toolsOf({
    // Each waits for the other to have begun: run one after the other they would never end.
    slow: async () => {
      gates.slow.resolve();
      await gates.quick.promise;
      await new Promise((resolve) => setImmediate(resolve));
      return textOutcome('slow', false);
    },
    quick: async () => {
      gates.quick.resolve();
      await gates.slow.promise;
      return textOutcome('quick', false);
    },
  });
  const events = await collect({
    model: playing([[call('s__slow'), call('s__quick')], [say('done')]]),
    tools,
    messages,
  });
  expect(events.flatMap((event) => (event.type === 'tool-result' ? [event.result.name] : []))).toEqual([
    's__quick',
    's__slow',
  ]);
  expect(added(events)[1]).toMatchObject({ results: [{ name: 's__slow' }, { name: 's__quick' }] });
});

test.for([
  ['an unknown tool', call('s__nope'), 'There is no tool named "s__nope".'],
  [
    'a call that is not JSON',
    { type: 'tool-call', call: { id: 'x', name: 's__add', argumentsJson: '{"a": ' } },
    'not a JSON object',
  ],
  ['a call whose arguments are a list', call('s__add', [1]), 'not a JSON object'],
  ['a tool that throws', call('s__throws'), 'broken inside'],
] as const)('%s becomes an error that the model reads', async ([, event, text]) => {
  const tools = toolsOf({
    add: () => textOutcome('2', false),
    throws: () => {
      throw new Error('broken inside');
    },
  });
  const model = playing([[event], [say('I see.')]]);
  const events = await collect({ model, tools, messages });
  expect(added(events)[1]).toMatchObject({
    role: 'tool',
    results: [{ isError: true, content: [{ text: expect.stringContaining(text) }] }],
  });
  expect(events.at(-1)).toMatchObject({ type: 'run-end', reason: 'answered' });
});

test('a call without arguments is one with an empty object', async () => {
  const tools = toolsOf({ now: (args) => textOutcome(JSON.stringify(args), false) });
  const bare: ModelEvent = { type: 'tool-call', call: { id: '1', name: 's__now', argumentsJson: '' } };
  const events = await collect({ model: playing([[bare], [say('ok')]]), tools, messages });
  expect(added(events)[1]).toMatchObject({ results: [{ content: [{ text: '{}' }] }] });
});

test('a refused call does not run and tells the model why', async () => {
  let ran = 0;
  const tools = toolsOf({ write: () => textOutcome(`run ${(ran += 1)}`, false) });
  const approve = allowTrustedReads(
    () => true,
    () => ({ allow: false, reason: 'the user said no' }),
  );
  const events = await collect({
    model: playing([[call('s__write')], [say('ok')]]),
    tools,
    messages,
    approve,
  });
  expect(ran).toBe(0);
  expect(added(events)[1]).toMatchObject({
    results: [{ isError: true, content: [{ text: 'Not approved: the user said no' }] }],
  });
});

test.for([
  [true, true, true],
  [true, false, false],
  [false, true, false],
  [undefined, true, false],
] as const)(
  'a tool that reads only: %s, of a trusted server: %s, runs unasked: %s',
  async ([readOnlyHint, trusted, runs]) => {
    const approve = allowTrustedReads(
      () => trusted,
      () => ({ allow: false, reason: 'asked' }),
    );
    const tool = { ...definition('x'), annotations: { readOnlyHint } };
    const decision = await approve({ id: '1', name: tool.name, argumentsJson: '{}' }, tool);
    expect(decision.allow).toBe(runs);
  },
);

test.for([
  [{ b: 2 }, /Required: a\. Optional: b\./],
  [{ a: 'one' }, /a/],
  [{ a: 1, c: 3 }, /./],
] as const)(
  'arguments %j that do not fit the schema are not sent, and the model reads why',
  async ([args, problem]) => {
    let ran = 0;
    const inputSchema = {
      type: 'object',
      properties: { a: { type: 'number' }, b: { type: 'number' } },
      required: ['a'],
      additionalProperties: false,
    };
    const source = toolsOf({ add: () => textOutcome(`run ${(ran += 1)}`, false) });
    const tools = {
      ...source,
      listTools: () => source.listTools().map((tool) => ({ ...tool, inputSchema })),
    };
    const events = await collect({ model: playing([[call('s__add', args)], [say('ok')]]), tools, messages });
    expect(ran).toBe(0);
    expect(added(events)[1]).toMatchObject({
      results: [{ isError: true, content: [{ text: expect.stringMatching(problem) }] }],
    });
  },
);

test('a schema that cannot be compiled leaves the check to the server', async () => {
  const source = toolsOf({ add: () => textOutcome('2', false) });
  const inputSchema = { type: 'object', properties: { a: { $ref: '#/nowhere' } } };
  const tools = { ...source, listTools: () => source.listTools().map((tool) => ({ ...tool, inputSchema })) };
  const events = await collect({
    model: playing([[call('s__add', { a: 1 })], [say('ok')]]),
    tools,
    messages,
  });
  expect(added(events)[1]).toMatchObject({ results: [{ isError: false }] });
});

test('whoever keeps each message as it is added has the whole conversation', async () => {
  const model = playing([[say('x'), call('s__a')], [say('done')]]);
  const events = await collect({ model, tools: toolsOf({ a: () => textOutcome('1', false) }), messages });
  const kept = events.flatMap((event) => (event.type === 'message-added' ? [event.message] : []));
  expect(kept).toEqual(added(events));
});

test('ids that a model repeats are made unique, so that the history stays valid', async () => {
  const model = playing([
    [call('s__a', {}, 'x'), call('s__a', {}, 'x')],
    [call('s__a', {}, 'x')],
    [say('ok')],
  ]);
  const events = await collect({ model, tools: toolsOf({ a: () => textOutcome('', false) }), messages });
  const called = added(events).flatMap((message) => (message.role === 'assistant' ? message.toolCalls : []));
  const answered = added(events).flatMap((message) => (message.role === 'tool' ? message.results : []));
  expect(new Set(called.map(({ id }) => id)).size).toBe(3);
  expect(answered.map(({ callId }) => callId)).toEqual(called.map(({ id }) => id));
});

test('an abort during a call ends the run with its reason and reaches the tool', async () => {
  const abort = new AbortController();
  const seen = Promise.withResolvers<void>();
  const tools = toolsOf({
    wait: (_args, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          seen.resolve();
          reject(signal.reason);
        });
        abort.abort(new Error('user said stop'));
      }),
  });
  const { signal } = abort;
  await expect(collect({ model: playing([[call('s__wait')]]), tools, messages, signal })).rejects.toThrow(
    'user said stop',
  );
  await seen.promise;
});

test('leaving the run cancels the calls that still run', async () => {
  const cancelled = Promise.withResolvers<string>();
  const tools = toolsOf({
    quick: () => textOutcome('quick', false),
    slow: (_args, signal) =>
      new Promise((resolve) => {
        signal?.addEventListener('abort', () => {
          cancelled.resolve('cancelled');
          resolve(textOutcome('', true));
        });
      }),
  });
  for await (const event of run({ model: playing([[call('s__quick'), call('s__slow')]]), tools, messages })) {
    if (event.type === 'tool-result') break;
  }
  expect(await cancelled.promise).toBe('cancelled');
});
