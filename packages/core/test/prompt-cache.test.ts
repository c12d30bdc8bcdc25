import Anthropic from '@anthropic-ai/sdk';
import { startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { anthropicMessages } from '../src/model/anthropic-messages.ts';
import { userMessage } from '../src/model/language-model.ts';

test.for([true, false])(
  'the beginning of a request is marked for the cache only where that is known (%s)',
  async (isCaching) => {
    await using provider = await startFakeProvider(() => ({ kind: 'answer', text: 'Yes.' }));
    const { ANTHROPIC_BASE_URL: baseURL, ANTHROPIC_API_KEY: apiKey } = provider.anthropicEnv;
    const model = anthropicMessages({
      id: 'anthropic/m',
      model: 'm',
      isCaching,
      openClient: () => Promise.resolve(new Anthropic({ baseURL, apiKey })),
      toError: (error) => new Error(String(error)),
    });
    for await (const event of model.stream({ messages: [userMessage('Well?')], tools: [] }))
      expect(event).toBeDefined();
    expect(provider.requests.map(({ body }) => body)).toEqual([
      expect.objectContaining({
        messages: expect.any(Array),
        ...(isCaching && { cache_control: { type: 'ephemeral' } }),
      }),
    ]);
    expect(provider.requests.map(({ body }) => 'cache_control' in body)).toEqual([isCaching]);
  },
);
