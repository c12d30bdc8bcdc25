import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scriptedTurns, startFakeProvider } from '@patchbay/testing';
import { expect, test, vi } from 'vitest';
import { createProject, math } from './support/cli.ts';
import { PseudoTerminal } from './support/pseudo-terminal.ts';

const TAB = '\t';
const ENTER = '\r';
const ESCAPE = '\u001B';
const UP = '\u001B[A';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_J = '\n';
const CTRL_R = '\u0012';

/** A server that says which process it is. */
const tracked = {
  command: 'sh',
  args: ['-c', `echo $$ > pid; exec ${[math.command, ...math.args].map((word) => `'${word}'`).join(' ')}`],
};

vi.setConfig({ testTimeout: 90_000 });

const askedForApproval = { ...math, trusted: false };

test('commands are completed, requests are recalled and found again, also by a later chat', async () => {
  await using project = await createProject({ math });
  using terminal = await PseudoTerminal.start(project);
  await terminal.shows('you ›');
  terminal.type(`/to${TAB}ma${TAB}${ENTER}`);
  await terminal.shows('you › /tools math\n  math.add');
  terminal.type(`Add 1 and 2.${ENTER}`);
  await terminal.shows('1 + 2 = 3.');
  terminal.type(`Multiply 17 by 23.${ENTER}`);
  await terminal.shows('17 × 23 = 391.');
  terminal.type(`${UP}${UP}${ENTER}`);
  await terminal.shows(/1 \+ 2 = 3\.[^]*1 \+ 2 = 3\.\n[^\n]*\nyou ›$/);
  terminal.type(CTRL_D);
  expect(await terminal.ended).toBe(0);

  using later = await PseudoTerminal.start(project);
  await later.shows('you ›');
  later.type(`${CTRL_R}mult`);
  await later.shows('(search) mult: Multiply 17 by 23.');
  later.type(ENTER);
  await later.shows(/17 × 23 = 391\.\n[^\n]*\nyou ›$/);
  later.type(`${CTRL_R}tools`);
  await later.shows('(search) tools: /tools math');
  later.type(ESCAPE);
  await later.shows(/\nyou ›$/);
  later.type(`/quit${ENTER}`);
  expect(await later.ended).toBe(0);
});

test('a message may have several lines, typed or pasted, and is sent as one', async () => {
  await using provider = await startFakeProvider(({ messages }) => ({
    kind: 'answer',
    text: `heard ${JSON.stringify(messages.at(-1)?.text)}`,
  }));
  await using project = await createProject({ math });
  using terminal = await PseudoTerminal.start(project, {
    args: ['--model', 'openai/m'],
    env: { ...provider.openAiEnv },
  });
  await terminal.shows('you ›');
  terminal.type(`one\\${ENTER}two${CTRL_J}three${ENTER}`);
  await terminal.shows(String.raw`heard "one\ntwo\nthree"`);
  terminal.type('\u001B[200~four\rfive\t5\u001B[201~');
  await terminal.shows('five');
  terminal.type(ENTER);
  await terminal.shows(String.raw`heard "four\nfive  5"`);
  terminal.type(`${UP}${ENTER}`);
  await terminal.shows(/heard "four\\nfive {2}5"[^]*heard "four\\nfive {2}5"/);
  terminal.type(CTRL_D);
  expect(await terminal.ended).toBe(0);
});

test('a tool runs only with a yes, what was typed before is no answer, and "d" shows what the question left out', async () => {
  await using project = await createProject({ math: askedForApproval });
  using terminal = await PseudoTerminal.start(project);
  await terminal.shows('you ›');
  terminal.type(`Add 1 and 2.${ENTER}y`);
  await terminal.shows('math › add wants to run');
  terminal.type(`d${ENTER}`);
  await terminal.shows(/That is all there is:\n[^]*math › add wants to run/);
  terminal.type(`n too small${ENTER}`);
  await terminal.shows('Not approved: the user said no: too small');
  await terminal.shows(/you › y$/);
  terminal.type(`\bAdd 2 and 2.${ENTER}`);
  await terminal.shows(/(wants to run[^]*){3}/);
  terminal.type(ESCAPE);
  await terminal.shows(/the user said no\n/);
  terminal.type(`Add 3 and 4.${ENTER}`);
  await terminal.shows(/(wants to run[^]*){4}/);
  terminal.type(`a${ENTER}`);
  await terminal.shows('3 + 4 = 7.');
  terminal.type(`Add 5 and 6.${ENTER}`);
  await terminal.shows('5 + 6 = 11.');
  terminal.type(`/approve save${ENTER}`);
  await terminal.shows('Kept for later sessions');
  terminal.type(CTRL_D);
  expect(await terminal.ended).toBe(0);

  // As many ones as do not fit into the question.
  const expression = Array.from({ length: 1000 }, () => '1').join('+');
  const calls = [
    { name: 'math__add', args: { a: 7, b: 8 } },
    { name: 'math__calculate', args: { expression } },
  ];
  await using provider = await startFakeProvider(
    scriptedTurns([
      { kind: 'answer', toolCalls: calls },
      { kind: 'answer', text: 'It is 1000.' },
    ]),
  );
  using later = await PseudoTerminal.start(project, {
    args: ['--model', 'openai/m'],
    env: { ...provider.openAiEnv },
  });
  await later.shows('you ›');
  later.type(`Count.${ENTER}`);
  await later.shows(/math › calculate wants to run[^]*characters left out[^]*\[d\]etails/);
  later.type(`d${ENTER}`);
  await later.shows(/› d\n[^]*math › calculate wants to run[^]*characters left out/);
  expect(later.text.replaceAll(/\s/g, '')).toContain(expression);
  later.type(`y${ENTER}`);
  await later.shows(/● math › add[^]*● math › calculate[^]*└ 1000\n[^]*It is 1000\./);
});

test('Ctrl-C cancels the request and keeps servers and what was typed meanwhile; twice it quits with 130', async () => {
  await using provider = await startFakeProvider(({ messages }) =>
    messages.at(-1)?.text === 'wait' ? { kind: 'hang' } : { kind: 'answer', text: 'still here' },
  );
  await using project = await createProject({ math });
  using terminal = await PseudoTerminal.start(project, {
    args: ['--model', 'openai/m'],
    env: { ...provider.openAiEnv },
  });
  await terminal.shows('you ›');
  terminal.type(`wait${ENTER}`);
  await terminal.shows('The answer is on its way');
  terminal.type(`next${ENTER}half`);
  terminal.type(CTRL_C);
  await terminal.shows('cancelled after');
  await terminal.shows('you › next\nstill here');
  await terminal.shows(/you › half$/);
  terminal.type(CTRL_C);
  await terminal.shows(/half\^C\nyou ›$/m);
  terminal.type(`/servers${ENTER}`);
  await terminal.shows(/✓ math[^]*✓ math[^]*1 of 1 servers ready[^\n]*\nyou ›$/);
  terminal.type(CTRL_C);
  await terminal.shows('press Ctrl-C again to quit');
  terminal.type(CTRL_C);
  expect(await terminal.ended).toBe(130);
});

test('news of a server comes above the line that is typed, which stays whole when the terminal is resized', async () => {
  await using project = await createProject({ math: tracked });
  using terminal = await PseudoTerminal.start(project, { columns: 60 });
  await terminal.shows('you ›');
  terminal.type('a long line '.repeat(8));
  await terminal.shows(/a long line a long line/);
  terminal.resize(90);
  process.kill(Number(await readFile(join(project.folder, 'pid'), 'utf8')), 'SIGKILL');
  await terminal.shows(/✗ math +failed: the server ended[^]*✓ math[^]*you › (a long line ?\s?){8}$/);
  terminal.type(CTRL_C);
  terminal.type(CTRL_D);
  expect(await terminal.ended).toBe(0);
  const history = await readFile(join(project.folder, 'state', 'history'), 'utf8').catch(() => '');
  expect(history).toBe('');
});
