import { startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { createDemo } from './support/demo.ts';

test('with --server-health the model asks how the servers are, one of which is down', async () => {
  await using provider = await startFakeProvider(({ messages }) => {
    const last = messages.at(-1);
    return last?.role === 'tool'
      ? { kind: 'answer', text: last.text }
      : { kind: 'answer', toolCalls: [{ name: 'patchbay__server_health', args: {} }] };
  });
  await using demo = await createDemo(provider.openAiEnv);
  const config = await demo.configWith('packages/server-math/src/main.ts', 'no/such/main.ts');
  const { code, stdout } = await demo.run([
    '--config',
    config,
    '--server-health',
    '-p',
    'How are the servers?',
  ]);
  expect(provider.problems).toEqual([]);
  expect(code).toBe(0);
  const running = (name: string): unknown =>
    expect.stringMatching(
      new RegExp(
        `^- ${name}: ready since .*, [1-9]\\d* tools?, .* over 20\\d\\d-[\\d-]+, answers in \\d+ ms$`,
      ),
    );
  expect(stdout.trim().split('\n')).toEqual([
    expect.stringMatching(/^- math: down \(.*Cannot find module.*\) since .*, 0 tools$/),
    ...['notes', 'sql', 'python', 'weather', 'files', 'arxiv'].map(running),
    expect.stringMatching(/^- wikipedia: ready since .* over 2025-11-25, answers in \d+ ms$/),
  ]);
});
