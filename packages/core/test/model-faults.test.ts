import { once } from 'node:events';
import { documentedError, scriptedTurns, startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { chooseModel } from '../src/model/choose-model.ts';
import type { ModelEvent, ModelRequest } from '../src/model/language-model.ts';
import { userMessage } from '../src/model/language-model.ts';
import { stallGuard } from '../src/model/stall-guard.ts';
import { closedPort } from './support/closed-port.ts';
import { definition } from './support/fake-tools.ts';
import { PROVIDERS } from './support/providers.ts';

const request: ModelRequest = { messages: [userMessage('hi')], tools: [definition('add')] };

test.for(
  PROVIDERS.flatMap((provider) =>
    (
      [
        ['wrong-key', 'MODEL_AUTH', 1],
        ['forbidden', 'MODEL_AUTH', 1],
        ['unknown-model', 'MODEL_NOT_FOUND', 1],
        ['context-overflow', 'MODEL_CONTEXT_FULL', 1],
        ['spend-limit', 'MODEL_NO_CREDIT', 1],
        ['rate-limited', 'MODEL_RATE_LIMITED', 4],
        ['overloaded', 'MODEL_OVERLOADED', 4],
        ['bad-gateway', 'MODEL_OVERLOADED', 4],
      ] as const
    ).map(([fault, code, attempts]) => ({ ...provider, fault, code, attempts })),
  ),
)('$name: $fault is $code after $attempts attempts', async ({ env, fault, code, attempts }) => {
  await using provider = await startFakeProvider((asked) => {
    const error = documentedError(asked, fault);
    return { ...error, headers: { ...error.headers, 'retry-after': '0' } };
  });
  const { model } = chooseModel(env(provider));
  const events: ModelEvent[] = [];
  const read = async (): Promise<void> => {
    for await (const event of model.stream(request)) events.push(event);
  };
  await expect(read()).rejects.toMatchObject({ code, message: expect.not.stringContaining('<') });
  expect(provider.requests).toHaveLength(attempts);
  expect(events.map((event) => (event.type === 'retry' ? [event.attempt, event.waitMs] : event))).toEqual(
    [1, 2, 3].slice(0, attempts - 1).map((attempt) => [attempt, 0]),
  );
});

test.for(PROVIDERS)('$name: a busy provider is asked again, and its answer is whole', async ({ env }) => {
  await using provider = await startFakeProvider(
    scriptedTurns([
      (asked) => documentedError(asked, 'rate-limited', { retryAfterSeconds: 0 }),
      { kind: 'answer', text: 'Here I am.' },
    ]),
  );
  const { model } = chooseModel(env(provider));
  const events = await Array.fromAsync(model.stream(request));
  expect(events[0]).toMatchObject({ type: 'retry', attempt: 1, waitMs: 0 });
  expect(events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('')).toBe(
    'Here I am.',
  );
});

test.for(PROVIDERS)('$name: a provider that asks to wait 90 s is not asked again', async ({ env }) => {
  await using provider = await startFakeProvider((asked) =>
    documentedError(asked, 'rate-limited', { retryAfterSeconds: 90 }),
  );
  const { model } = chooseModel(env(provider));
  await expect(Array.fromAsync(model.stream(request))).rejects.toMatchObject({ retryAfterMs: 90_000 });
  expect(provider.requests).toHaveLength(1);
});

test.for(PROVIDERS)('$name: an answer that breaks off is an error, not a short answer', async ({ env }) => {
  for (const kind of ['cut', 'error-event'] as const) {
    await using provider = await startFakeProvider(() => ({
      kind,
      partial: { text: 'This is only the beginning of it.' },
    }));
    const { model } = chooseModel(env(provider));
    await expect(Array.fromAsync(model.stream(request))).rejects.toMatchObject({ name: 'PatchbayError' });
  }
});

test.for(PROVIDERS)('$name: an abort in mid-answer rejects with its reason', async ({ env }) => {
  await using provider = await startFakeProvider(() => ({
    kind: 'hang',
    partial: { text: 'One moment please, I think' },
  }));
  const { model } = chooseModel(env(provider));
  const abort = new AbortController();
  const read = async (): Promise<void> => {
    for await (const event of model.stream(request, abort.signal)) {
      if (event.type === 'text-delta') abort.abort(new Error('stop it'));
    }
  };
  await expect(read()).rejects.toThrow('stop it');
});

test('a provider that is not there is named, with its address', async () => {
  const baseUrl = `http://127.0.0.1:${await closedPort()}/v1`;
  const { model } = chooseModel({ OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'k', OPENAI_MODEL: 'm' });
  await expect(Array.fromAsync(model.stream(request))).rejects.toMatchObject({
    code: 'MODEL_UNREACHABLE',
    message: `Cannot reach OpenAI at ${baseUrl} (ECONNREFUSED)`,
    hint: 'Is the local model server running?',
  });
});

test.for(PROVIDERS.filter(({ name }) => !name.startsWith('azure')))(
  '$name: a name that is nearly right is answered with the right ones',
  async ({ env }) => {
    const models = ['gpt-5.5', 'gpt-5.5-mini', 'whisper-9', 'claude-sonnet-5-5'];
    await using provider = await startFakeProvider(() => ({ kind: 'answer', text: 'x' }), { models });
    const settings = { ...env(provider), OPENAI_MODEL: 'gpt-5.5-mino', ANTHROPIC_MODEL: 'gpt-5.5-mino' };
    await expect(Array.fromAsync(chooseModel(settings).model.stream(request))).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      hint: expect.stringMatching(/^Close matches: (\w+)\/gpt-5\.5-mini, \1\/gpt-5\.5\.$/),
    });
  },
);

test.for(PROVIDERS)('$name: an answer without an end is given up, and its provider told', async ({ env }) => {
  await using provider = await startFakeProvider(() => ({ kind: 'endless', intervalMs: 1 }));
  const model = stallGuard(chooseModel(env(provider)).model, { totalMs: 150 });
  await expect(Array.fromAsync(model.stream(request))).rejects.toMatchObject({
    code: 'MODEL_TIMEOUT',
    message: expect.stringMatching(/came to no end of its answer in 0\.15 s$/),
  });
  const { signal } = provider.requests[0] ?? {};
  if (signal?.aborted === false) await once(signal, 'abort');
  expect(signal?.aborted).toBe(true);
});

test.for(PROVIDERS)(
  '$name: an answer that reached the limit of its length says so behind it',
  async ({ env }) => {
    const reasons = {
      'openai-chat': 'length',
      'openai-responses': 'max_output_tokens',
      'anthropic-messages': 'max_tokens',
    };
    await using provider = await startFakeProvider(({ api }) => ({
      kind: 'answer',
      text: 'As far as I',
      stopReason: reasons[api],
    }));
    const events = await Array.fromAsync(chooseModel(env(provider)).model.stream(request));
    expect(events.map(({ type }) => type).filter((type) => type !== 'usage')).toEqual([
      ...events.flatMap(({ type }) => (type === 'text-delta' ? [type] : [])),
      'answer-cut',
    ]);
  },
);
