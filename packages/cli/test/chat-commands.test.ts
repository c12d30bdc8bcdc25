// The commands of a chat that look at it, once each: over lines, which is the same code as at a terminal.
import { startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { createProject, fromSource, math } from './support/cli.ts';

test('/model lists what the provider has, and changes what answers; a provider that gives no list is said so', async () => {
  await using provider = await startFakeProvider(({ model }) => ({ kind: 'answer', text: `I am ${model}` }));
  await using project = await createProject({ math });
  const input = 'hello\n/model\n/model openai/other\nhello\n/model nonsense/x\n/model offline\n/model\n';
  const { code, stdout } = await project.patchbay(['--model', 'openai/m'], {
    input,
    env: provider.openAiEnv,
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/I am m\n/);
  expect(stdout).toMatch(/openai\/m\n {2}openai\/fake-model\nAnother one: \/model provider\/model/);
  expect(stdout).toMatch(/From now on openai\/other answers[^]*I am other\n/);
  expect(stdout).toMatch(/✗ "nonsense\/x" names no provider[^]*→ Write provider\/model/);
  expect(stdout).toMatch(/offline planner \(rule-based, not an AI model\): offline\/planner\nAnother one/);

  const { OPENAI_API_KEY } = provider.openAiEnv;
  const env = { OPENAI_API_KEY, OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' };
  const unreachable = await project.patchbay(['--model', 'openai/m'], { input: '/model\n', env });
  expect(unreachable.stdout).toMatch(/Its provider did not give its list of models: /);
});

test('what a request did can be looked at: /last, /trace, /usage, /history; and what is there: /prompts, /resources', async () => {
  await using project = await createProject({ math });
  const before = '/last\n/trace\n/usage\n';
  const after =
    '/last\n/trace\n/usage\n/history\n/prompts\n/resources\n/approve\n/approve math/nope\n/edit\n';
  const { code, stdout } = await project.patchbay([], {
    input: `${before}Multiply 17 by 23.\n${after}/attach\n`,
  });
  expect(code).toBe(0);
  expect(stdout.match(/Nothing has been asked yet\./g)).toHaveLength(3);
  expect(stdout).toMatch(/math › multiply\(\{"a":17,"b":23\}\)\n391\n/);
  expect(stdout).toMatch(
    / 1 ● math › multiply +\d+ ms {2}3 characters\n {3}1 call in \d\.\d s · offline planner/,
  );
  expect(stdout).toMatch(/last request {3}0 \+ 0 tokens\n {2}all {12}0 \+ 0 tokens\n/);
  expect(stdout).toMatch(/you › Multiply 17 by 23\.\n ● math__multiply\([^]*└ 391\n17 × 23 = 391\.\n/);
  expect(stdout).toMatch(/There are none\.[^]*@math:/);
  expect(stdout).toMatch(/Nothing is allowed beyond trusted reads\./);
  expect(stdout).toMatch(/There is no "math\/nope"/);
  expect(stdout).toMatch(/There is no terminal to open an editor on\./);
  expect(stdout).toMatch(/Name a file, or a resource as <server>:<uri>/);
});

test('a command that is given something wrong says what, and what there is', async () => {
  await using project = await createProject({ math, broken: { command: 'no-such-command-anywhere' } });
  const input = [
    '/tools broken',
    '/tools mth',
    '/servers broken',
    '/servers nope',
    '/prompts nope',
    '/resources mat',
    '/attach .',
    '/approve foo',
    '/save early',
    'Multiply 17 by 23.',
    '/history x',
    '/save mine',
    '/save mine',
    '/quit now',
    'Add 1 and 2.',
  ];
  const { code, stdout } = await project.patchbay([], { input: `${input.join('\n')}\n` });
  expect({ code, isOver: !stdout.includes('1 + 2') }).toEqual({ code: 0, isOver: true });
  const [, said = ''] = stdout.split('/help for commands.\n');
  const down = ' ✗ broken   failed: "no-such-command-anywhere" is not on PATH';
  expect(said.split('\n').filter((line) => !/^ {3}|^17|^ ●/.test(line))).toEqual([
    down,
    'There is no server "mth". Did you mean math?',
    down,
    'There is no server "nope". There are: math, broken.',
    'There is no server "nope". There are: math, broken.',
    'There is no server "mat". Did you mean math?',
    '✗ . is a folder',
    '  → Name a file of text, or an image.',
    'There is no "foo": name a server, or a tool as server/tool.',
    'Nothing has been said yet.',
    '"x" is no number of requests; the last three: /history 3',
    'Kept as mine. To go on with it: /resume mine, or patchbay --resume mine',
    '✗ There is a conversation "mine" already',
    '  → Take another name. /resume mine goes on with that one.',
    '',
  ]);
});

test('a prompt of a server is asked with its arguments, and one that is misspelt is refused with the right ones', async () => {
  await using provider = await startFakeProvider(() => ({ kind: 'answer', text: 'There are none.' }));
  const notes = { ...fromSource('notes'), env: { NOTES_DB: 'notes.db' } };
  await using project = await createProject({ notes });
  const input = [
    '/notes:summarize_notes tga=work',
    '/notes:sumarize_notes',
    '/notes:summarize_notes tag=work',
  ];
  const { code, stdout } = await project.patchbay(['--model', 'openai/m'], {
    input: `${input.join('\n')}\n`,
    env: provider.openAiEnv,
  });
  expect(code).toBe(0);
  expect(stdout).toContain(
    '✗ The prompt has no argument "tga"\n  → It is used so: /notes:summarize_notes [tag=…]',
  );
  expect(stdout).toMatch(
    /✗ There is no prompt "notes:sumarize_notes"[^]*Did you mean \/notes:summarize_notes\?/,
  );
  expect(provider.requests.map(({ messages }) => messages.map(({ text }) => text))).toEqual([
    [expect.stringMatching(/^Sum up the notes tagged "work": /)],
  ]);
});

test('a path at the beginning, or a space in front of a slash, makes a request; what is no command is told with that', async () => {
  await using provider = await startFakeProvider(({ messages }) => ({
    kind: 'answer',
    text: `heard ${messages.at(-1)?.text}`,
  }));
  await using project = await createProject({ math });
  const input = '/etc/hosts: what is this?\n /tools\n/etc\n  \n /quit\n/quit\n/etc/never\n';
  const { code, stdout } = await project.patchbay(['--model', 'openai/m'], {
    input,
    env: provider.openAiEnv,
  });
  expect(code).toBe(0);
  const [, said = ''] = stdout.split('/help for commands.\n');
  expect(said.split('\n').filter((line) => !line.startsWith('   '))).toEqual([
    'heard /etc/hosts: what is this?',
    'heard /tools',
    'Unknown command /etc. /help lists them; with a space in front it is a request.',
    'heard /quit',
    '',
  ]);
});

test('/doctor examines what the chat stands on, with the servers of its configuration', async () => {
  await using project = await createProject({ math, broken: { command: 'no-such-command-anywhere' } });
  const { code, stdout } = await project.patchbay([], { input: '/doctor\n' });
  expect(code).toBe(0);
  expect(stdout).toMatch(/ ✓ node {2}Node \d+/);
  expect(stdout).toMatch(/ ✓ configuration {2}mcp\.json has 2 servers/);
  expect(stdout).toMatch(/ ✓ server math {2}.*, MCP .*, started in \d+ ms, again in \d+ ms; \d+ tools/);
  expect(stdout).toMatch(/ ✗ server broken {2}"no-such-command-anywhere" is not on PATH\n {3}→ Install it/);
  expect(stdout).toMatch(/\n1 problem, \d things? to look at\.\n/);
});
