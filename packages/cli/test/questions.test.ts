import { fileURLToPath } from 'node:url';
import { startFakeProvider } from '@patchbay/testing';
import { expect, test, vi } from 'vitest';
import { createProject } from './support/cli.ts';
import { PseudoTerminal } from './support/pseudo-terminal.ts';

const ENTER = '\r';
const server = new URL('../../core/test/fixtures/asking-server.ts', import.meta.url);
const asking = { command: process.execPath, args: ['--conditions=@patchbay/source', fileURLToPath(server)] };
const poem = { messages: [{ role: 'user', content: { type: 'text', text: 'Write a poem.' } }] };

vi.setConfig({ testTimeout: 90_000 });

test('what a server asks is put before the user: a form field by field, an address, the use of the model', async () => {
  await using provider = await startFakeProvider(({ messages }) => {
    const last = messages.at(-1);
    const call = (name: string, args: object) => ({
      kind: 'answer' as const,
      toolCalls: [{ name, args: { ...args } }],
    });
    if (last?.text === 'order') return call('asking__order', {});
    if (last?.text === 'visit') return call('asking__visit', { url: 'https://pay.example/1' });
    if (last?.text === 'sample') return call('asking__sample', poem);
    return { kind: 'answer', text: last?.text === 'Write a poem.' ? 'Roses.' : `done: ${last?.text}` };
  });
  await using project = await createProject({ asking });
  using terminal = await PseudoTerminal.start(project, {
    args: ['--model', 'openai/m', '--yes'],
    columns: 200,
    env: { ...provider.openAiEnv },
  });
  const answer = async (question: string | RegExp, keys: string): Promise<void> => {
    await terminal.shows(question);
    terminal.type(keys + ENTER);
  };
  await answer('you ›', 'order');
  await answer(/asking asks: Your order[^]*Answer\? \[y\]es \[n\]o ›/, 'y');
  await answer('size ["large"] ›', '');
  await answer('count [2] ›', 'many');
  await terminal.shows('Write a number.');
  await answer(/count \[2\] ›[^]*count \[2\] ›/, '3');
  await answer('isGift (y or n) [false] ›', 'y');
  await terminal.shows('done: {"size":"large","count":3,"isGift":true}');

  await answer(/done: \{"size[^]*you ›/, 'visit');
  await answer('Visit https://pay.example/1', 'n');
  await terminal.shows(/done: .*"action":"decline"/);

  await answer(/decline[^]*you ›/, 'sample');
  await answer(/asking wants openai\/m to write for it:\n {3}Write a poem\./, 'y');
  await terminal.shows(/done: .*Roses\./);

  await answer(/Roses[^]*you ›/, 'sample');
  await answer(/Roses[^]*With your tokens\. \[y\]es \[n\]o ›/, 'n');
  await terminal.shows(/the user said no/);
  expect(provider.problems).toEqual([]);
});
