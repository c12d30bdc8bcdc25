import type { JSONRPCMessage } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { Questions } from '../src/mcp/questions.ts';
import type { Channel } from '../src/mcp/wire/message.ts';
import {
  ConnectionLostError,
  NoAnswerError,
  NotSentError,
  RemoteError,
} from '../src/mcp/wire/wire-errors.ts';
import { Wire } from '../src/mcp/wire/wire.ts';

interface Line {
  readonly wire: Wire;
  readonly questions: Questions;
  readonly sent: Record<string, unknown>[];
  /** What the server says. */
  readonly say: (message: object) => void;
  readonly close: () => void;
}

/** A wire whose other end is the test. */
function open(): Line {
  const sent: Record<string, unknown>[] = [];
  const channel: Channel = {
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
    send: (message) => {
      sent.push(JSON.parse(JSON.stringify(message)));
      return Promise.resolve();
    },
  };
  const questions = new Questions();
  const wire = new Wire(channel, questions);
  return {
    wire,
    questions,
    sent,
    say: (message) => channel.onmessage?.({ jsonrpc: '2.0', ...message } as JSONRPCMessage),
    close: () => channel.onclose?.(),
  };
}

const patient = { timeoutMs: 20_000 };

test('answers find their requests in whatever order they come', async () => {
  const { wire, sent, say } = open();
  const answers = ['a', 'b', 'c'].map((method) => wire.request(method, {}, patient));
  for (const { id, method } of sent.toReversed()) say({ id, result: { method } });
  expect(await Promise.all(answers)).toEqual([{ method: 'a' }, { method: 'b' }, { method: 'c' }]);
});

test.for<[string, object, string]>([
  ['an error', { error: { code: -32_602, message: 'no such tool' } }, 'no such tool'],
  ['an error that says nothing', { error: 7 }, 'says nothing'],
  ['what is no object', { result: 'done' }, 'not an object'],
])('%s rejects its request alone', async ([, answer, text]) => {
  const { wire, sent, say } = open();
  const [bad, good] = [wire.request('bad', {}, patient), wire.request('good', {}, patient)];
  say({ id: sent[0]?.['id'], ...answer });
  say({ id: sent[1]?.['id'], result: {} });
  await expect(bad).rejects.toThrow(RemoteError);
  await expect(bad).rejects.toThrow(text);
  expect(await good).toEqual({});
});

test('silence ends a request, and the server is told', async () => {
  const { wire, sent } = open();
  await expect(wire.request('tools/call', {}, { timeoutMs: 20 })).rejects.toEqual(new NoAnswerError(20));
  expect(sent[1]).toMatchObject({
    method: 'notifications/cancelled',
    params: { requestId: sent[0]?.['id'] },
  });
});

test('progress is heard and keeps a request alive, up to its total time', async () => {
  const { wire, sent, say } = open();
  const heard: unknown[] = [];
  const options = { timeoutMs: 60, maxTotalMs: 300, onProgress: (each: unknown) => heard.push(each) };
  const call = wire.request('tools/call', {}, options);
  const talking = setInterval(() => {
    say({ method: 'notifications/progress', params: { progressToken: sent[0]?.['id'], progress: 1 } });
  }, 10);
  await expect(call).rejects.toEqual(new NoAnswerError(300));
  clearInterval(talking);
  expect(heard.length).toBeGreaterThan(3);
  expect(heard[0]).toEqual({ progress: 1 });
});

test('silence does not count while the user is asked', async () => {
  const { wire, questions, sent, say } = open();
  const answered = Promise.withResolvers<void>();
  const asking = questions.during(() => answered.promise);
  const call = wire.request('tools/call', {}, { timeoutMs: 20 });
  const other = wire.request('tools/call', {}, { timeoutMs: 20, maxTotalMs: 100 });
  // The other one's total has passed, and with it the silence of the first many times over.
  await expect(other).rejects.toEqual(new NoAnswerError(100));
  say({ id: sent[0]?.['id'], result: {} });
  answered.resolve();
  await asking;
  expect(await call).toEqual({});
});

test('an abort rejects with its reason and tells the server', async () => {
  const { wire, sent } = open();
  const stop = new AbortController();
  const call = wire.request('tools/call', {}, { ...patient, signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(call).rejects.toThrow('enough');
  expect(sent.map(({ method }) => method)).toEqual(['tools/call', 'notifications/cancelled']);
});

test('what is no answer to a request of its own goes to whoever takes the rest', () => {
  const { wire, say } = open();
  const rest: JSONRPCMessage[] = [];
  const told: unknown[] = [];
  wire.onforeign = (message) => rest.push(message);
  wire.on('notifications/message', (params) => told.push(params));
  say({ id: 0, result: {} });
  say({ id: 1, method: 'elicitation/create', params: {} });
  say({ method: 'notifications/message', params: { data: 'x' } });
  expect(rest).toHaveLength(3);
  expect(told).toEqual([{ data: 'x' }]);
});

test('in the newer era every request says who speaks, beside what it says of itself', async () => {
  const { wire, sent } = open();
  wire.envelope = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
  void wire.request(
    'tools/call',
    { name: 'x', _meta: { traceparent: '00-1' } },
    { ...patient, onProgress() {} },
  );
  await wire.notify('notifications/roots/list_changed');
  expect(sent).toMatchObject([
    {
      params: { name: 'x', _meta: { ...wire.envelope, traceparent: '00-1', progressToken: sent[0]?.['id'] } },
    },
    { params: { _meta: wire.envelope } },
  ]);
});

test('the end of the connection ends what waits, and nothing is sent after it', async () => {
  const { wire, sent, close } = open();
  const call = wire.request('tools/call', {}, patient);
  close();
  await expect(call).rejects.toThrow(ConnectionLostError);
  await expect(wire.request('tools/call', {}, patient)).rejects.toThrow(NotSentError);
  expect(sent).toHaveLength(1);
  await wire.idle();
});

test('what cannot be written as JSON rejects its request, and nothing waits for it', async () => {
  const { wire, sent } = open();
  await expect(wire.request('tools/call', { size: 7n }, patient)).rejects.toThrow('BigInt');
  await wire.idle();
  expect(sent).toEqual([]);
});

test("what a listener to progress throws is the program's own, and ends neither call nor connection", async () => {
  const { wire, sent, say } = open();
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  try {
    const thrown = new Promise((resolve) => process.once('uncaughtException', resolve));
    const call = wire.request(
      'tools/call',
      {},
      {
        ...patient,
        onProgress() {
          throw new Error('mine');
        },
      },
    );
    const id = sent[0]?.['id'];
    say({ method: 'notifications/progress', params: { progressToken: id, progress: 1 } });
    say({ id, result: {} });
    expect(await call).toEqual({});
    expect(await thrown).toEqual(new Error('mine'));
  } finally {
    for (const other of others) process.on('uncaughtException', other);
  }
});
