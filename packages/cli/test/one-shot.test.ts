import { scriptedTurns, startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { createProject, math } from './support/cli.ts';

const LABEL = 'offline planner (rule-based, not an AI model)';

test('the answer alone is on stdout, and what was done for it on stderr', async () => {
  await using project = await createProject({ math });
  const { code, stdout, stderr } = await project.patchbay(['-p', 'Multiply 17 by 23.']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '17 × 23 = 391.\n' });
  expect(stderr).toMatch(/math › multiply\(a=17, b=23\) {2}\d+ ms\n {3}└ 391\n/);
  expect(stderr).toContain(LABEL);
});

test('--json is one object, which says what the model is', async () => {
  await using project = await createProject({ math });
  const { code, stdout } = await project.patchbay(['-p', 'Multiply 17 by 23.', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    answer: '17 × 23 = 391.',
    stop: 'answered',
    model: { id: 'offline/planner', label: LABEL },
    calls: [
      {
        server: 'math',
        tool: 'multiply',
        arguments: { a: 17, b: 23 },
        ms: expect.any(Number),
        isError: false,
        result: '391',
      },
    ],
    usage: { inputTokens: 0, outputTokens: 0 },
    ms: expect.any(Number),
  });
});

test('--stream-json is one event a line, from the servers to the result', async () => {
  await using project = await createProject({ math });
  const { stdout } = await project.patchbay(['-p', 'Multiply 17 by 23.', '--stream-json']);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
  expect(events.map(({ type }) => type)).toEqual([
    'init',
    'turn-start',
    'tool-call',
    'tool-result',
    'turn-start',
    'text-delta',
    'run-end',
    'result',
  ]);
  expect(events[0]).toMatchObject({
    model: { id: 'offline/planner', label: LABEL },
    servers: [{ name: 'math', state: 'ready', tools: expect.any(Number) }],
  });
  expect(events[2]).toMatchObject({ server: 'math', tool: 'multiply', arguments: { a: 17, b: 23 } });
  expect(events[3]).toMatchObject({
    server: 'math',
    tool: 'multiply',
    isError: false,
    content: [{ text: '391' }],
  });
});

test('a key in .env is enough to talk to a real provider', async () => {
  await using provider = await startFakeProvider(
    scriptedTurns([
      { kind: 'answer', toolCalls: [{ name: 'math__multiply', args: { a: 6, b: 7 } }] },
      ({ messages }) => ({ kind: 'answer', text: `It is ${messages.at(-1)?.text ?? '?'}.` }),
    ]),
    { apiKey: 'sk-from-the-file' },
  );
  const dotenv = `OPENAI_API_KEY=sk-from-the-file\nOPENAI_BASE_URL=${provider.url}/v1\nPATCHBAY_MODEL=openai/test-model\n`;
  await using project = await createProject({ math }, { '.env': dotenv });
  const { code, stdout, stderr } = await project.patchbay(['-p', 'Six by seven?']);
  expect(provider.problems).toEqual([]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'It is 42.\n' });
  expect(stderr).toMatch(/1 tool call · 1 server · .* · 20 \+ 40 tokens · openai\/test-model/);
  expect(stderr + stdout).not.toContain('sk-from');
});

test('a server that is down is named with its reason, and the others answer', async () => {
  await using project = await createProject({ math, broken: { command: 'node', args: ['nowhere.js'] } });
  const { code, stdout, stderr } = await project.patchbay(['-p', 'Multiply 17 by 23.']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '17 × 23 = 391.\n' });
  expect(stderr).toMatch(/✗ broken +failed: Error: Cannot find module '.*nowhere\.js'/);
});

test('at the turn limit the model answers once more, and the exit code is 6', async () => {
  await using provider = await startFakeProvider(({ body }) =>
    body['tool_choice'] === undefined
      ? { kind: 'answer', toolCalls: [{ name: 'math__add', args: { a: 1, b: 1 } }] }
      : { kind: 'answer', text: 'This far I came.' },
  );
  await using project = await createProject({ math });
  const args = ['-p', 'Go on.', '--model', 'openai/m', '--max-turns', '2'];
  const { code, stdout, stderr } = await project.patchbay(args, { env: provider.openAiEnv });
  expect({ code, stdout }).toEqual({ code: 6, stdout: 'This far I came.\n' });
  expect(stderr).toContain('Stopped: 2 turns');
});

test.for([1, 2])('Ctrl-C, pressed %d times, ends a request with 130', async (times) => {
  await using provider = await startFakeProvider(() => ({
    kind: 'hang',
    partial: { text: 'One moment please, I think' },
  }));
  await using project = await createProject({ math });
  let left = times;
  const { code, stdout } = await project.patchbay(['-p', 'Hm?', '--model', 'openai/m', '--stream-json'], {
    env: provider.openAiEnv,
    onOutput: (output, control) => {
      for (; left > 0 && output.includes('"text-delta"'); left -= 1) control.kill('SIGINT');
    },
  });
  expect(code).toBe(130);
  expect(stdout).not.toContain('"result"');
});

test.for([
  [['-p', 'x', '--model', 'openai/m'], {}, 3, 'MODEL_AUTH', /OPENAI_API_KEY is not set/],
  [['-p', 'x', '--config', 'none.json'], {}, 2, 'CONFIG_NOT_FOUND', /Cannot read .*none\.json/],
  [['-p', 'x', '--model', 'nonsense'], {}, 2, 'CONFIG_INVALID', /names no provider/],
  [['-p', 'x', '--continue'], {}, 2, 'CONFIG_NOT_FOUND', /no conversation of this folder/],
  [['-p', 'x', '--resume', 'x'], {}, 2, 'CONFIG_NOT_FOUND', /no conversation "x"/],
  [['prompts', 'math.nope'], {}, 5, 'TOOL_NOT_FOUND', /math has no prompt "nope"/],
  [['server', 'get', 'mat'], {}, 4, 'SERVER_UNAVAILABLE', /has no server "mat"\. Did you mean math\?/],
  [['init'], {}, 2, 'CONFIG_INVALID', /mcp\.json is there already/],
  [['-p', ' '], {}, 2, 'USAGE', /-p needs a request/],
  [['-p', 'x', '--max-turns', '0'], {}, 2, 'USAGE', /1 to 9999/],
  [['-p', 'x', 'tools'], {}, 2, 'USAGE', /do not go together/],
  [['frobnicate'], {}, 2, 'USAGE', /Unknown command "frobnicate"/],
  [['--frobnicate'], {}, 2, 'USAGE', /--frobnicate/],
] as const)(
  '%j fails with exit code %3$s, in words and as JSON',
  async ([args, env, exitCode, errorCode, message]) => {
    await using project = await createProject({ math });
    const { code, stdout, stderr } = await project.patchbay([...args, '--json'], { env });
    expect(code).toBe(exitCode);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: errorCode, message: expect.stringMatching(message), hint: expect.any(String) },
    });
  },
);

test('a provider that cannot be reached is exit code 4, at once', async () => {
  await using provider = await startFakeProvider(() => ({ kind: 'answer', text: 'x' }));
  const env = { ...provider.openAiEnv };
  await provider[Symbol.asyncDispose]();
  await using project = await createProject({ math });
  const { code, stderr } = await project.patchbay(['-p', 'x', '--model', 'openai/m'], { env });
  expect(code).toBe(4);
  expect(stderr).toMatch(/Cannot reach OpenAI at http:\/\/127\.0\.0\.1:\d+\/v1 \(ECONNREFUSED\)/);
});
