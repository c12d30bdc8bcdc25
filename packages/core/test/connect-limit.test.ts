import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { chooseModel } from '../src/model/choose-model.ts';
import { userMessage } from '../src/model/language-model.ts';

const request = { messages: [userMessage('hi')], tools: [] };

/** Listens, says where, and never comes to accept anything: once its queue is full, nobody hears from it. */
const DEAF = `
const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  require('node:fs').writeSync(1, String(server.address().port));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

test.for([
  ['OPENAI_BASE_URL', { OPENAI_API_KEY: 'k', OPENAI_MODEL: 'm' }],
  ['ANTHROPIC_BASE_URL', { ANTHROPIC_API_KEY: 'k', ANTHROPIC_MODEL: 'm' }],
] as const)('an address that answers no connection is given up in time: %s', async ([variable, settings]) => {
  const deaf = spawn(process.execPath, ['-e', DEAF], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(deaf.stdout, 'data');
  const filling = [1, 2].map(() => connect(Number(port), '127.0.0.1'));
  await Promise.all(filling.map((socket) => once(socket, 'connect')));
  const env = {
    ...settings,
    [variable]: `http://127.0.0.1:${String(port)}`,
    PATCHBAY_CONNECT_TIMEOUT_MS: '200',
  };
  await expect(Array.fromAsync(chooseModel(env).model.stream(request))).rejects.toMatchObject({
    code: 'MODEL_UNREACHABLE',
    message: expect.stringMatching(/^Cannot reach \w+ at http:\S+ \(ETIMEDOUT\)$/),
  });
  for (const socket of filling) socket.destroy();
  deaf.kill('SIGKILL');
});

test('an answer may take longer than a connection', async () => {
  await using provider = await startFakeProvider(async () => {
    await wait(150);
    return { kind: 'answer', text: 'Here.' };
  });
  const env = { ...provider.openAiEnv, OPENAI_MODEL: 'm', PATCHBAY_CONNECT_TIMEOUT_MS: '50' };
  const events = await Array.fromAsync(chooseModel(env).model.stream(request));
  expect(events[0]).toMatchObject({ type: 'text-delta' });
});

test.for(['0', '-5', 'soon', '5s'])('a limit of "%s" is refused', (limit) => {
  const env = { OPENAI_API_KEY: 'k', OPENAI_MODEL: 'm', PATCHBAY_CONNECT_TIMEOUT_MS: limit };
  expect(() => chooseModel(env)).toThrow(`PATCHBAY_CONNECT_TIMEOUT_MS is "${limit}"`);
});
