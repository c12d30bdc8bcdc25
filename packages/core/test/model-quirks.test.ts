import type { ProviderTurn, StreamQuirk } from '@patchbay/testing';
import { startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { chooseModel } from '../src/model/choose-model.ts';
import { userMessage } from '../src/model/language-model.ts';
import { run } from '../src/run/run.ts';
import { textOutcome } from '../src/tools.ts';
import { toolsOf } from './support/fake-tools.ts';
import { PROVIDERS } from './support/providers.ts';

const QUIRKS: readonly (readonly StreamQuirk[])[] = [
  ['whole-calls'],
  ['no-index'],
  ['no-id'],
  ['no-usage'],
  ['repeated-name'],
  ['whole-calls', 'no-index'],
  ['whole-calls', 'no-id'],
  ['no-index', 'no-id'],
  ['whole-calls', 'no-index', 'no-id', 'no-usage'],
];

test.for(PROVIDERS.flatMap((provider) => QUIRKS.map((quirks) => ({ ...provider, quirks }))))(
  '$name with $quirks: calls of two turns come whole, each with an id of its own',
  async ({ env, quirks }) => {
    const answers: ProviderTurn[] = [
      { kind: 'answer', text: 'Let me see.', toolCalls: [add({ a: 17, b: 23 }), add({ a: 1 })], quirks },
      { kind: 'answer', toolCalls: [add({ a: 5 })], quirks },
      { kind: 'answer', text: 'Done.', quirks },
    ];
    await using provider = await startFakeProvider(() => answers.shift() ?? { kind: 'hang' });
    const { model } = chooseModel(env(provider));
    const tools = toolsOf({ add: (args) => textOutcome(JSON.stringify(args), false) });
    const events = await Array.fromAsync(run({ model, tools, messages: [userMessage('go')] }));
    expect(provider.problems).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'run-end', reason: 'answered' });
    const results = events.flatMap((event) => (event.type === 'tool-result' ? [event.result] : []));
    expect(results.map(({ content }) => content)).toEqual([
      [{ type: 'text', text: '{"a":17,"b":23}' }],
      [{ type: 'text', text: '{"a":1}' }],
      [{ type: 'text', text: '{"a":5}' }],
    ]);
    expect(new Set(results.map(({ callId }) => callId)).size).toBe(3);
    expect(results.every(({ callId }) => callId !== '')).toBe(true);
    const text = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
    expect(text).toBe('Let me see.Done.');
  },
);

function add(args: object) {
  return { name: 's__add', args };
}
