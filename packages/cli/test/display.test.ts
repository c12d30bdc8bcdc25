// Terminals that cannot do everything, and people who do not see what they do.
import { expect, test, vi } from 'vitest';
import { createProject, math } from './support/cli.ts';
import type { Project } from './support/cli.ts';
import { PseudoTerminal } from './support/pseudo-terminal.ts';

const ENTER = '\r';
const CTRL_D = '\u0004';

vi.setConfig({ testTimeout: 90_000 });

type Start = Parameters<typeof PseudoTerminal.start>[1];

/** Asks for a sum, allows it, and ends: what was written meanwhile, and what is on the screen. */
async function chatIn(project: Project, start: Start, { you = 'you ›' } = {}) {
  using terminal = await PseudoTerminal.start(project, start);
  await terminal.shows(you);
  terminal.type(`Add 1 and 2.${ENTER}`);
  await terminal.shows('o, and why');
  terminal.type(`y${ENTER}`);
  await terminal.shows('1 + 2 = 3.');
  await terminal.shows(new RegExp(`${you}\\s*$`));
  terminal.type(CTRL_D);
  const code = await terminal.ended;
  return { code, written: terminal.written, text: terminal.text };
}

test('signs are words for a screen reader, nothing turns, and a narrow or dumb terminal gets what it can show', async () => {
  await using project = await createProject({
    math: { ...math, trusted: false },
    broken: { command: 'no-such-command-anywhere' },
  });
  const [heard, plain, small] = await Promise.all([
    chatIn(project, { args: ['--screen-reader'] }, { you: 'you:' }),
    chatIn(project, { env: { TERM: 'dumb' } }),
    chatIn(project, { columns: 40, env: { NO_COLOR: '1' } }),
  ]);

  expect(heard.code).toBe(0);
  expect(heard.text).not.toMatch(/[✓✗●○└›→⏹·⠋▓]/);
  expect(heard.text).toMatch(/ok: math/);
  expect(heard.text).toMatch(/problem: broken +failed: .*\n +what to do: /);
  expect(heard.text).toMatch(/ called math: add\(a=1, b=2\) +\d+ ms\n +result: 3\n1 \+ 2 = 3\./);

  expect(plain.code).toBe(0);
  expect(plain.written).not.toContain('\u001B');
  expect(plain.text).toMatch(/you › Add 1 and 2\.[^]*› y\n ● math › add/);

  expect(small.code).toBe(0);
  // oxlint-disable-next-line no-control-regex
  expect(small.written).not.toMatch(/\u001B\[[\d;]*m/);
  expect(small.text).toMatch(/\[y\]es once\n {3}\[a\]lways this tool\n/);
  expect(small.text).toMatch(/ready, \d+ tools\. \/help for\n {2}commands\./);
  expect(small.text).toMatch(/ s ·\n {5}offline planner \(rule-based, not an\n {5}AI model\)/);
});

test('the commands that list use words too, and to a pipe there is nothing but text', async () => {
  await using project = await createProject({ math, broken: { command: 'no-such-command-anywhere' } });
  const [servers, failure, help] = await Promise.all([
    project.patchbay(['servers', '--screen-reader']),
    project.patchbay(['-p', 'x', '--model', 'openai/m', '--screen-reader']),
    project.patchbay(['--help'], { env: { FORCE_COLOR: '1' } }),
  ]);
  expect(servers.stdout).toMatch(/^ problem: broken +failed: .*\n +what to do: .*\n ok: math /);
  expect(failure.stderr).toMatch(/^problem: OpenAI needs a key: .*\n {2}what to do: /);
  expect(help.stdout).not.toContain('\u001B');
});
