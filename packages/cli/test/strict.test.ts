import { scriptedTurns, startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { createProject, math } from './support/cli.ts';

const STRICT = ['--strict', '--json', '--model', 'openai/m'];
const divide = { name: 'math__divide', args: { a: 1, b: 0 } };

test('--strict sends nothing while a server is down, and says which and why', async () => {
  await using provider = await startFakeProvider(() => ({ kind: 'answer', text: 'x' }));
  const broken = { command: 'no-such-command-anywhere' };
  await using project = await createProject({ math, broken });
  const { code, stdout } = await project.patchbay(['-p', 'x', ...STRICT], { env: provider.openAiEnv });
  expect({ code, asked: provider.requests.length }).toEqual({ code: 4, asked: 0 });
  expect(JSON.parse(stdout)).toEqual({
    error: {
      code: 'SERVER_UNAVAILABLE',
      message: '--strict: not all servers are up: broken ("no-such-command-anywhere" is not on PATH)',
      hint: expect.stringContaining('Install it'),
    },
  });
});

test('with --strict a call that failed or was refused ends with 5, a limit with 6, and what went well with 0', async () => {
  await using project = await createProject({ math, closed: { ...math, trusted: false } });
  const ends = async (calls: readonly object[], ...args: readonly string[]) => {
    await using provider = await startFakeProvider(
      scriptedTurns([
        { kind: 'answer', toolCalls: calls as [] },
        { kind: 'answer', text: 'Well.' },
      ]),
    );
    const { code, stdout, stderr } = await project.patchbay(['-p', 'x', ...args], {
      env: provider.openAiEnv,
    });
    const { answer } = JSON.parse(stdout);
    return [code, answer, /^--strict: .*/m.exec(stderr)?.[0]];
  };
  const refused = { name: 'closed__add', args: { a: 1, b: 2 } };
  const right = { name: 'math__add', args: { a: 1, b: 2 } };
  expect(
    await Promise.all([
      ends([right], ...STRICT),
      ends([right, divide, refused], ...STRICT),
      ends([right], ...STRICT, '--max-turns', '1'),
      ends([divide], '--json', '--model', 'openai/m'),
    ]),
  ).toEqual([
    [0, 'Well.', undefined],
    [5, 'Well.', '--strict: failed or refused: closed.add, math.divide.'],
    [6, 'Well.', '--strict: a limit was reached.'],
    [0, 'Well.', undefined],
  ]);
});

test('--strict goes with a request', async () => {
  await using project = await createProject({});
  expect(await project.patchbay(['tools', '--strict'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--strict goes with -p'),
  });
});
