import { startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { createProject, math } from './support/cli.ts';

test('the model hands a request to a server by name, which runs only for that', async () => {
  await using provider = await startFakeProvider(({ tools, messages }) => {
    const last = messages.at(-1);
    const isInner = tools.some(({ name }) => name === 'math__multiply');
    if (last?.role === 'tool')
      return { kind: 'answer', text: isInner ? `product: ${last.text}` : `said: ${last.text}` };
    if (isInner) return { kind: 'answer', toolCalls: [{ name: 'math__multiply', args: { a: 17, b: 23 } }] };
    return {
      kind: 'answer',
      toolCalls: [{ name: 'patchbay__ask_server', args: { server: 'math', query: '17 by 23?' } }],
    };
  });
  await using project = await createProject({ math, broken: { command: 'no-such-command-anywhere' } });
  const args = ['-p', 'Multiply.', '--delegate', '--model', 'anthropic/m'];
  const { code, stdout, stderr } = await project.patchbay(args, { env: provider.anthropicEnv });
  expect(provider.problems).toEqual([]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'said: product: 391\n' });
  // The broken server was not needed, so it was not started, and nothing is said of it.
  expect(stderr).not.toContain('broken');
  expect(provider.requests[0]?.tools.map(({ name }) => name)).toEqual([
    'patchbay__ask_server',
    'patchbay__server_health',
  ]);
  // The inner conversation holds nothing of the outer one.
  expect(provider.requests[1]?.messages.map(({ text }) => text)).toEqual(['17 by 23?']);
});
