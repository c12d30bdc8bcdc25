import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { TracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { documentedError, scriptedTurns, startFakeProvider } from '@patchbay/testing';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { chooseModel } from '../src/model/choose-model.ts';
import { userMessage } from '../src/model/language-model.ts';
import { delegatingTools } from '../src/run/delegation.ts';
import { run } from '../src/run/run.ts';
import { outcomeText, textOutcome } from '../src/tools.ts';
import { toolsOf } from './support/fake-tools.ts';
import { call, playing, say } from './support/playing.ts';
import { good, hostOf, startAll } from './support/served.ts';

const exporter = new InMemorySpanExporter();
context.setGlobalContextManager(new AsyncLocalStorageContextManager());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
trace.setGlobalTracerProvider(
  new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
);
beforeEach(() => exporter.reset());
afterAll(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

const messages = [userMessage('go')];

interface Node {
  readonly name: string;
  readonly children: readonly Node[];
}

/** The spans that have ended, by what they belong to, siblings in the order of their starts. */
function tree(parent?: string): Node[] {
  return exporter
    .getFinishedSpans()
    .filter((span) => span.parentSpanContext?.spanId === parent)
    .toSorted((one, other) => one.startTime[0] - other.startTime[0] || one.startTime[1] - other.startTime[1])
    .map((span) => ({ name: span.name, children: tree(span.spanContext().spanId) }));
}

function spanOf(name: string): ReadableSpan {
  const found = exporter.getFinishedSpans().find((each) => each.name === name);
  if (!found) throw new Error(`There is no span ${name}`);
  return found;
}

const leaf = (name: string): Node => ({ name, children: [] });

test('a run is one trace down to the server, which is told what its call belongs to', async () => {
  await using provider = await startFakeProvider(
    scriptedTurns([
      { kind: 'answer', toolCalls: [{ name: 'good__trace', args: {}, id: 'c1' }] },
      ({ messages: said }) => ({ kind: 'answer', text: said.at(-1)?.text ?? '' }),
    ]),
  );
  await using host = hostOf({ good: good() });
  await startAll(host);
  const { model } = chooseModel({ ...provider.anthropicEnv, ANTHROPIC_MODEL: 'm' });
  const events = await Array.fromAsync(run({ model, tools: host.tools, messages }));

  // Anthropic's SDK traces its own requests: they belong to ours.
  const chat: Node = { name: 'chat m', children: [leaf('anthropic.messages.create')] };
  expect(tree()).toEqual([
    {
      name: 'invoke_agent patchbay',
      children: [
        { name: 'turn 1', children: [chat, leaf('execute_tool good__trace')] },
        { name: 'turn 2', children: [chat] },
      ],
    },
  ]);
  const execution = spanOf('execute_tool good__trace');
  const { traceId, spanId } = execution.spanContext();
  const answer = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
  expect(answer).toBe(`00-${traceId}-${spanId}-01`);
  expect(execution.attributes).toEqual({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'good__trace',
    'gen_ai.tool.type': 'function',
    'gen_ai.tool.call.id': 'c1',
    'patchbay.server': 'good',
    'mcp.method.name': 'tools/call',
    'mcp.protocol.version': '2026-07-28',
    'network.transport': 'pipe',
  });
  expect([spanOf('chat m').kind, spanOf('chat m').attributes]).toEqual([
    SpanKind.CLIENT,
    {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'm',
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': expect.any(Number),
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 20,
    },
  ]);
  expect(spanOf('invoke_agent patchbay').attributes).toEqual({
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'patchbay',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': 'm',
    'gen_ai.usage.input_tokens': 20,
    'gen_ai.usage.output_tokens': 40,
  });
});

test('a call without a run is an operation of its own, within that of whoever makes it', async () => {
  await using host = hostOf({ good: good() });
  await startAll(host);
  const outcome = await trace.getTracer('mine').startActiveSpan('mine', async (mine) => {
    const answered = await host.tools.callTool('good__trace', {});
    mine.end();
    return answered;
  });
  expect(tree()).toEqual([{ name: 'mine', children: [leaf('tools/call trace')] }]);
  expect(outcomeText(outcome)).toContain(spanOf('tools/call trace').spanContext().spanId);
  expect(spanOf('mine').attributes).toEqual({});
  expect(spanOf('tools/call trace').attributes).toMatchObject({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'trace',
    'mcp.method.name': 'tools/call',
  });
});

test('what is delegated belongs to the call that delegates it', async () => {
  const tools = toolsOf({ look: () => textOutcome('seen', false) });
  const sessions = {
    servers: () => [{ server: 's' }],
    check: () => Promise.reject(new Error('not asked')),
    withSession: <T>(_name: string, work: (source: typeof tools) => Promise<T>): Promise<T> => work(tools),
  };
  const specialist = playing([[call('s__look')], [say('seen')]]);
  const model = playing([[call('patchbay__ask_server', { server: 's', query: 'x' })], [say('seen')]]);
  await Array.fromAsync(run({ model, tools: delegatingTools({ sessions, model: specialist }), messages }));
  const [outer] = tree();
  expect(outer?.children[0]?.children).toEqual([
    leaf('chat script'),
    {
      name: 'execute_tool patchbay__ask_server',
      children: [
        {
          name: 'invoke_agent patchbay',
          children: [
            { name: 'turn 1', children: [leaf('chat script'), leaf('execute_tool s__look')] },
            { name: 'turn 2', children: [leaf('chat script')] },
          ],
        },
      ],
    },
  ]);
});

test('failures are marked: of a tool as that, of a model by its code, and each attempt is an event', async () => {
  await using provider = await startFakeProvider(
    scriptedTurns([
      { kind: 'answer', toolCalls: [{ name: 's__fails', args: {} }] },
      { kind: 'http-error', status: 529, headers: { 'retry-after': '0' } },
      (request) => documentedError(request, 'wrong-key'),
    ]),
  );
  const { model } = chooseModel({ ...provider.openAiEnv, OPENAI_MODEL: 'm' });
  const tools = toolsOf({ fails: () => textOutcome('the secret of it', true) });
  await expect(Array.fromAsync(run({ model, tools, messages }))).rejects.toThrow('rejected the key');
  expect(spanOf('execute_tool s__fails')).toMatchObject({
    status: { code: SpanStatusCode.ERROR },
    attributes: { 'error.type': 'tool_error' },
  });
  const [, second] = exporter.getFinishedSpans().filter(({ name }) => name === 'chat m');
  expect(second).toMatchObject({
    status: { code: SpanStatusCode.ERROR, message: expect.stringContaining('rejected the key') },
    attributes: { 'error.type': 'MODEL_AUTH' },
    events: [{ name: 'retry', attributes: { attempt: 1, reason: expect.stringContaining('529') } }],
  });
  expect(spanOf('invoke_agent patchbay').attributes).toMatchObject({ 'error.type': 'MODEL_AUTH' });
  // Nothing of what was said is recorded.
  const recorded = exporter
    .getFinishedSpans()
    .map(({ attributes, status, events }) => ({ attributes, status, events }));
  expect(JSON.stringify(recorded)).not.toContain('the secret of it');
});

test('a run that is left ends every operation, none of them as a failure', async () => {
  const model = playing([[call('s__add')], [say('done')]]);
  for await (const event of run({
    model,
    tools: toolsOf({ add: () => textOutcome('2', false) }),
    messages,
  })) {
    if (event.type === 'tool-result') break;
  }
  expect(exporter.getFinishedSpans().map(({ name, status }) => [name, status.code])).toEqual([
    ['chat script', SpanStatusCode.UNSET],
    ['execute_tool s__add', SpanStatusCode.UNSET],
    ['turn 1', SpanStatusCode.UNSET],
    ['invoke_agent patchbay', SpanStatusCode.UNSET],
  ]);
});

test('a program without OpenTelemetry loads nothing of it', async () => {
  const program = fileURLToPath(new URL('./fixtures/runs-untraced.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  expect(JSON.parse(stdout)).toEqual({
    events: expect.any(Number),
    asked: expect.not.arrayContaining(['@opentelemetry/api']),
  });
});
