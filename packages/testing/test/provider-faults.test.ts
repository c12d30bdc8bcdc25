import { once } from 'node:events';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { documentedError, scriptedTurns, startFakeProvider } from '../src/index.ts';
import type { DocumentedErrorName, FakeProvider, ProviderApi, ProviderTurn } from '../src/index.ts';

const apis = ['openai-chat', 'openai-responses', 'anthropic-messages'] as const;
const messages = [{ role: 'user' as const, content: 'x' }];

interface Call {
  readonly maxRetries?: number;
  readonly signal?: AbortSignal;
  /** Called with the text so far, for each piece. */
  readonly onText?: (text: string) => void;
}

/** Streams one answer with the real SDK of the API; resolves to what a person would have seen. */
async function ask(provider: FakeProvider, api: ProviderApi, call: Call = {}): Promise<string> {
  let text = '';
  const pieces =
    api === 'anthropic-messages' ? claudePieces(provider, call) : openAiPieces(provider, api, call);
  for await (const piece of pieces) {
    text += piece;
    call.onText?.(text);
  }
  return text;
}

async function* openAiPieces(
  { openAiEnv }: FakeProvider,
  api: ProviderApi,
  { maxRetries = 0, signal }: Call,
): AsyncGenerator<string> {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = openAiEnv;
  const openai = new OpenAI({ apiKey, baseURL, maxRetries, logLevel: 'off' });
  if (api === 'openai-chat') {
    const stream = await openai.chat.completions.create({ model: 'm', messages, stream: true }, { signal });
    for await (const { choices } of stream) yield choices[0]?.delta.content ?? '';
    return;
  }
  const stream = await openai.responses.create({ model: 'm', input: messages, stream: true }, { signal });
  for await (const event of stream) if (event.type === 'response.output_text.delta') yield event.delta;
}

async function* claudePieces(
  { anthropicEnv }: FakeProvider,
  { maxRetries = 0, signal }: Call,
): AsyncGenerator<string> {
  const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseURL } = anthropicEnv;
  const anthropic = new Anthropic({ apiKey, baseURL, maxRetries, logLevel: 'off' });
  const params = { model: 'm', max_tokens: 64, messages, stream: true } as const;
  for await (const event of await anthropic.messages.create(params, { signal })) {
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') yield event.delta.text;
  }
}

const faults: [DocumentedErrorName, ProviderApi, Record<string, unknown>][] = [
  ['wrong-key', 'openai-chat', { status: 401, code: 'invalid_api_key' }],
  ['wrong-key', 'openai-responses', { status: 401, code: 'invalid_api_key' }],
  ['wrong-key', 'anthropic-messages', { status: 401, type: 'authentication_error' }],
  ['forbidden', 'openai-chat', { status: 403, type: 'invalid_request_error' }],
  ['forbidden', 'openai-responses', { status: 403, type: 'invalid_request_error' }],
  ['forbidden', 'anthropic-messages', { status: 403, type: 'permission_error' }],
  ['unknown-model', 'openai-chat', { status: 404, code: 'model_not_found' }],
  ['unknown-model', 'openai-responses', { status: 404, code: 'model_not_found' }],
  ['unknown-model', 'anthropic-messages', { status: 404, type: 'not_found_error', apiMessage: 'model: m' }],
  ['context-overflow', 'openai-chat', { status: 400, code: 'context_length_exceeded' }],
  ['context-overflow', 'openai-responses', { status: 400, code: 'context_length_exceeded', param: 'input' }],
  ['context-overflow', 'anthropic-messages', { status: 400, type: 'invalid_request_error' }],
  ['rate-limited', 'openai-chat', { status: 429, code: 'rate_limit_exceeded' }],
  ['rate-limited', 'openai-responses', { status: 429, code: 'rate_limit_exceeded' }],
  ['rate-limited', 'anthropic-messages', { status: 429, type: 'rate_limit_error' }],
  ['spend-limit', 'openai-chat', { status: 429, code: 'insufficient_quota' }],
  ['spend-limit', 'openai-responses', { status: 429, code: 'insufficient_quota' }],
  ['spend-limit', 'anthropic-messages', { status: 429, errorCode: 'enforced_spend_limit_reached' }],
  ['overloaded', 'openai-chat', { status: 503, type: 'server_error' }],
  ['overloaded', 'openai-responses', { status: 503, type: 'server_error' }],
  ['overloaded', 'anthropic-messages', { status: 529, type: 'overloaded_error' }],
  ['bad-gateway', 'openai-chat', { status: 502, message: expect.stringContaining('<html>') }],
  ['bad-gateway', 'openai-responses', { status: 502, message: expect.stringContaining('<html>') }],
  ['bad-gateway', 'anthropic-messages', { status: 502, message: expect.stringContaining('<html>') }],
];

test.for(faults)('%s at %s reaches the SDK as the error it documents', async ([name, api, expected]) => {
  await using provider = await startFakeProvider((request) => documentedError(request, name));
  await expect(ask(provider, api)).rejects.toMatchObject(expected);
  expect(provider.requests).toHaveLength(1);
});

test.for(apis)('%s: a client that retries gets the next turn', async (api) => {
  await using provider = await startFakeProvider(
    scriptedTurns([
      (request) => documentedError(request, 'rate-limited', { retryAfterSeconds: 0 }),
      { kind: 'answer', text: 'second try' },
    ]),
  );
  expect(await ask(provider, api, { maxRetries: 1 })).toBe('second try');
  expect(provider.requests).toHaveLength(2);
});

test.for(apis)(
  '%s: retry-after is in the headers of the error, and only when it is asked for',
  async (api) => {
    await using provider = await startFakeProvider(
      scriptedTurns([
        (request) => documentedError(request, 'rate-limited', { retryAfterSeconds: 90 }),
        (request) => documentedError(request, 'rate-limited'),
      ]),
    );
    const retryAfter = async (): Promise<unknown> => {
      const error = await ask(provider, api).catch((thrown: unknown) => thrown);
      return (error as { headers: Headers }).headers.get('retry-after');
    };
    expect(await retryAfter()).toBe('90');
    expect(await retryAfter()).toBeNull();
  },
);

test.for(apis)('%s: an HTTP error of our own goes out as it is', async (api) => {
  await using provider = await startFakeProvider(() => ({
    kind: 'http-error',
    status: 418,
    body: { error: { message: 'short and stout' } },
    headers: { 'x-request-id': 'req_tea' },
  }));
  await expect(ask(provider, api)).rejects.toMatchObject({
    status: 418,
    message: expect.stringContaining('short and stout'),
  });
});

test.for(apis)('%s: an error event in mid-stream comes after the first words', async (api) => {
  await using provider = await startFakeProvider(scriptedTurns([{ kind: 'error-event' }]));
  let seen = '';
  const asked = ask(provider, api, { onText: (text) => (seen = text) });
  await expect(asked).rejects.toMatchObject({ status: undefined, message: expect.stringMatching(/./) });
  expect(seen).toMatch(/^The answer/);
});

test.for(apis)('%s: a cut connection is an error after the first words', async (api) => {
  await using provider = await startFakeProvider(
    scriptedTurns([{ kind: 'cut', partial: { text: 'Half of this is lost' } }]),
  );
  let seen = '';
  const asked = ask(provider, api, { onText: (text) => (seen = text) });
  await expect(asked).rejects.toThrow('terminated');
  expect('Half of this is lost'.startsWith(seen)).toBe(true);
  expect(seen.length).toBeGreaterThan(2);
  expect(seen.length).toBeLessThan('Half of this is lost'.length);
});

test.for(apis)('%s: a cut in the middle of a tool call leaves its arguments unfinished', async (api) => {
  const toolCalls = [{ name: 'math__multiply', args: { a: 17, b: 23 } }];
  await using provider = await startFakeProvider(scriptedTurns([{ kind: 'cut', partial: { toolCalls } }]));
  const response = await post(provider, api, { stream: true });
  let received = '';
  const reading = (async () => {
    for await (const chunk of response.body ?? []) received += Buffer.from(chunk).toString();
  })();
  await expect(reading).rejects.toThrow('terminated');
  expect(received).toContain('math__multiply');
  expect(received).not.toContain('23}');
});

const paths = {
  'openai-chat': '/v1/chat/completions',
  'openai-responses': '/v1/responses',
  'anthropic-messages': '/v1/messages',
} as const;

/** A request without an SDK. */
function post({ url }: FakeProvider, api: ProviderApi, fields: object = {}): Promise<Response> {
  const asked = api === 'openai-responses' ? { input: messages } : { max_tokens: 64, messages };
  return fetch(`${url}${paths[api]}`, {
    method: 'POST',
    headers: { authorization: 'Bearer k', 'anthropic-version': '2026-10-21' },
    body: JSON.stringify({ model: 'm', ...asked, ...fields }),
  });
}

const neverEnding: ProviderTurn[] = [{ kind: 'hang' }, { kind: 'endless', intervalMs: 1 }];

test.for(apis.flatMap((api) => neverEnding.map((turn) => [turn.kind, api, turn] as const)))(
  'a stream of kind %s at %s ends only when the client hangs up, which the provider notices',
  async ([, api, turn]) => {
    await using provider = await startFakeProvider(() => turn);
    const controller = new AbortController();
    let events = 0;
    await ask(provider, api, {
      signal: controller.signal,
      onText(text) {
        events += 1;
        if (text.startsWith('The answer') && (turn.kind === 'hang' || events > 50)) controller.abort();
      },
    });
    const { signal } = provider.requests[0] ?? {};
    if (signal?.aborted === false) await once(signal, 'abort');
    expect(signal?.aborted).toBe(true);
  },
);

test.for(apis)('%s: without streaming, faults strike instead of the response', async (api) => {
  await using provider = await startFakeProvider(scriptedTurns([{ kind: 'error-event' }, { kind: 'cut' }]));
  const failed = await post(provider, api);
  expect(failed.status).toBe(500);
  expect(await failed.json()).toMatchObject({ error: { message: expect.stringMatching(/./) } });
  await expect(post(provider, api)).rejects.toThrow('fetch failed');
});

test.for(apis)(
  '%s: a script that runs out, or a respond that throws, is a plain error at once',
  async (api) => {
    await using provider = await startFakeProvider(scriptedTurns([{ kind: 'answer', text: 'one' }]));
    expect(await ask(provider, api)).toBe('one');
    await expect(ask(provider, api, { maxRetries: 2 })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('The script has 1 turns and this is request 2, which ends with user'),
    });
    expect(provider.requests).toHaveLength(2);
    expect(provider.problems).toEqual([expect.stringContaining('The script has 1 turns')]);
  },
);

test('disposal ends what still hangs and frees the port', async () => {
  const provider = await startFakeProvider(() => ({ kind: 'hang' }));
  const asked = ask(provider, 'openai-chat', { onText: () => void provider[Symbol.asyncDispose]() });
  await expect(asked).rejects.toThrow('terminated');
  await expect(fetch(`${provider.url}/v1/models`)).rejects.toThrow('fetch failed');
});
