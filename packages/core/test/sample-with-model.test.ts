import { expect, test } from 'vitest';
import type { SamplingRequest } from '../src/mcp/sampling.ts';
import type { ModelEvent, ModelRequest } from '../src/model/language-model.ts';
import { scriptedModel } from '../src/model/scripted.ts';
import { sampleWithModel } from '../src/sample-with-model.ts';

const { signal } = new AbortController();

function requestOf(changes: Partial<SamplingRequest> = {}): SamplingRequest {
  return {
    server: 's',
    systemPrompt: undefined,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    maxTokens: 100,
    temperature: undefined,
    stopSequences: [],
    modelHints: [],
    tools: [],
    toolChoice: 'auto',
    ...changes,
  };
}

/** A model that says `events` and keeps what it was asked. */
function modelOf(...events: readonly ModelEvent[]) {
  const asked: ModelRequest[] = [];
  const model = scriptedModel((request) => {
    asked.push(request);
    return events;
  });
  return { model, asked };
}

const approve = () => ({ allow: true }) as const;
const lookUp = { name: 'look.up', description: 'Looks up.', inputSchema: { type: 'object' } };

test('nothing reaches the model before the user has agreed', async () => {
  const { model, asked } = modelOf({ type: 'text-delta', text: 'Hi' });
  const seen: SamplingRequest[] = [];
  const sample = sampleWithModel({
    model,
    approve(request) {
      seen.push(request);
      return { allow: false, reason: 'not now' };
    },
  });
  const request = requestOf();
  expect(await sample(request, signal)).toEqual({ action: 'refuse', reason: 'not now' });
  expect(seen).toEqual([request]);
  expect(asked).toEqual([]);
});

test('an answer is the model’s text up to the first stop, and no longer than is allowed', async () => {
  const { model, asked } = modelOf(
    { type: 'text-delta', text: 'one END two' },
    { type: 'text-delta', text: ' STOP' },
  );
  const sample = sampleWithModel({ model, approve, maxTokens: 50 });
  const request = requestOf({ systemPrompt: 'Be kind.', stopSequences: ['STOP', 'END', ''] });
  expect(await sample(request, signal)).toEqual({
    action: 'answer',
    model: 'scripted/script',
    text: 'one ',
    toolCalls: [],
    stopReason: 'stopSequence',
  });
  expect(asked).toEqual([
    {
      system: 'Be kind.',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      tools: [],
      maxOutputTokens: 50,
    },
  ]);
});

test('a server’s tools have names that every provider takes, and calls come back under its own', async () => {
  const first = modelOf();
  await sampleWithModel({ model: first.model, approve })(requestOf({ tools: [lookUp] }), signal);
  const [tool] = first.asked[0]?.tools ?? [];
  expect(tool).toEqual({
    ...lookUp,
    name: expect.stringMatching(/^[\w-]{1,64}$/),
    server: 's',
    tool: 'look.up',
  });

  const name = tool?.name ?? '';
  const { model, asked } = modelOf({ type: 'tool-call', call: { id: 'c2', name, argumentsJson: '{"b":1}' } });
  const messages: SamplingRequest['messages'] = [
    { role: 'user', content: [{ type: 'text', text: 'Look up a' }] },
    { role: 'assistant', content: [{ type: 'tool-call', id: 'c1', name: 'look.up', args: { a: 1 } }] },
    {
      role: 'user',
      content: [
        { type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: 'A' }], isError: false },
        { type: 'text', text: 'And b' },
      ],
    },
  ];
  const sample = sampleWithModel({ model, approve });
  expect(await sample(requestOf({ messages, tools: [lookUp] }), signal)).toMatchObject({
    toolCalls: [{ id: 'c2', name: 'look.up', args: { b: 1 } }],
  });
  expect(asked[0]?.messages).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Look up a' }] },
    { role: 'assistant', text: '', toolCalls: [{ id: 'c1', name, argumentsJson: '{"a":1}' }] },
    {
      role: 'tool',
      results: [{ callId: 'c1', name, content: [{ type: 'text', text: 'A' }], isError: false }],
    },
    { role: 'user', content: [{ type: 'text', text: 'And b' }] },
  ]);
});

test('a call that the server requires and the model does not make is a failure, not an answer', async () => {
  const { model, asked } = modelOf({ type: 'text-delta', text: 'No.' });
  const request = requestOf({ tools: [lookUp], toolChoice: 'required' });
  await expect(sampleWithModel({ model, approve })(request, signal)).rejects.toMatchObject({
    code: 'MODEL_FAILED',
    message: 'scripted called no tool, which the server requires',
  });
  expect(asked[0]?.system).toBe('Answer by calling at least one of the tools.');
});

test.for([
  [{ id: 'c', name: 'other', argumentsJson: '{}' }, 'which the server does not have'],
  [{ id: 'c', name: 's__look_up', argumentsJson: '[' }, 'with arguments that are no JSON object'],
] as const)('a call that no server could run is not handed back (%#)', async ([call, problem]) => {
  const { model } = modelOf({ type: 'tool-call', call });
  const request = requestOf({ tools: [{ ...lookUp, name: 'look_up' }] });
  await expect(sampleWithModel({ model, approve })(request, signal)).rejects.toThrow(problem);
});

test('a result without its call, and a call without its result, reach the model closed', async () => {
  const { model, asked } = modelOf({ type: 'text-delta', text: 'Hm.' });
  const messages: SamplingRequest['messages'] = [
    { role: 'user', content: [{ type: 'tool-result', callId: 'x', content: [], isError: false }] },
    { role: 'user', content: [{ type: 'text', text: 'Go on' }] },
    { role: 'assistant', content: [{ type: 'tool-call', id: 'c1', name: 'look.up', args: {} }] },
  ];
  await sampleWithModel({ model, approve })(requestOf({ messages }), signal);
  expect(asked[0]?.messages).toMatchObject([
    { role: 'user' },
    { role: 'assistant', toolCalls: [{ id: 'c1' }] },
    { role: 'tool', results: [{ callId: 'c1', isError: true }] },
  ]);
});

test('a server is told that an answer is not whole', async () => {
  const { model } = modelOf({ type: 'text-delta', text: 'As far as' }, { type: 'answer-cut' });
  expect(await sampleWithModel({ model, approve })(requestOf({}), signal)).toMatchObject({
    text: 'As far as',
    stopReason: 'maxTokens',
  });
});
