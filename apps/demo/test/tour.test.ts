import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgramOptions } from '@patchbay/testing';
import { startWeatherApi } from '@patchbay/testing';
import { expect, test } from 'vitest';
import type { Demo } from './support/demo.ts';
import { createDemo } from './support/demo.ts';

const LABEL = 'offline planner (rule-based, not an AI model)';

test('without key, database or weather service the demo does its job and says what is missing', async () => {
  const weather = await startWeatherApi();
  const { env } = weather;
  // An address where nothing listens any more: what a machine without a network sees.
  await weather[Symbol.asyncDispose]();
  await using demo = await createDemo(env);
  const { code, stdout } = await demo.run();
  expect(stdout).toContain('21/21 ok, 2 not counted: no network');
  expect(code).toBe(0);
  expect(stdout).toMatch(/NETWORK: .*there seems to be no network/);
  // Said before the first request and at the end.
  expect(stdout.split('No network: arXiv and Wikipedia are samples on this machine').length - 1).toBe(2);
  // Labelled in the banner, behind every request, and at the end.
  expect(stdout.split('\n')[0]).toContain(LABEL);
  expect(stdout.split(LABEL).length - 1).toBeGreaterThanOrEqual(23 + 2);
});

test('with a weather service every request of the tour succeeds, in English and in Chinese', async () => {
  await using weather = await startWeatherApi();
  await using demo = await createDemo(weather.env);
  const { code, stdout, stderr } = await demo.run(['--json']);
  expect(weather.problems).toEqual([]);
  expect(stderr).toContain('23/23 ok');
  expect(code).toBe(0);

  const { model, stops }: Tour = JSON.parse(stdout);
  expect(model).toEqual({ id: 'offline/planner', label: LABEL });
  const calls = stops.map(({ summary }) =>
    summary.calls.map(({ server, tool }) => `${server}.${tool}`).join(' '),
  );
  const oneLanguage = [
    'sql.list_tables sql.describe_table sql.query',
    'math.multiply notes.save',
    'notes.recall',
    'weather.get_current_weather',
    'sql.list_tables',
    'sql.query',
    'sql.export_csv',
    'python.run_python',
    'python.run_python',
  ];
  const inEnglish = ['files.write_file', 'arxiv.search_papers', 'wikipedia.search wikipedia.get_summary'];
  expect(calls).toEqual([
    ...oneLanguage,
    ...inEnglish,
    ...oneLanguage,
    'wikipedia.search wikipedia.get_summary',
    'patchbay.ask_server patchbay.ask_server',
  ]);
  const answers = stops.map(({ summary }) => summary.answer);
  expect(answers[0]).toMatch(/^16 users registered in 2025:\n- \d+, .*, 2025-01-/);
  expect(answers[1]).toBe('17 × 23 = 391, saved under the key "magic".');
  expect(answers[14]).toBe('键"magic"下存的是:391');
  expect(answers[15]).toMatch(/北京/);
  expect(answers[20]).toMatch(/student_id/);
  expect(answers[10]).toMatch(/^arXiv has \d+:\n- Attention Is All You Need \(arXiv:1706\.03762\)/u);
  expect(answers[21]).toMatch(/图灵/u);
  expect(answers[22]).toMatch(/Attention Is All You Need[^]*CC BY-SA 4\.0/u);
  const exported = await readFile(join(demo.folder, 'data/workspace/students_scores.csv'), 'utf8');
  expect(exported.split('\r\n')).toHaveLength(1 + 10 + 1);
});

test('without the math server a multiplication fails for all to see', async () => {
  await using demo = await createDemo();
  const config = await demo.configWith(
    'packages/server-math/src/main.ts',
    'packages/server-math/src/gone.ts',
  );
  const { code, stdout } = await demo.run(['--yes', '--config', config]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/✗ math +failed: Error: Cannot find module '.*gone\.ts'/);
  expect(stdout).toContain('I cannot do that: no connected server offers the tool multiply');
  expect(stdout).toMatch(/\d+\/\d+ ok/);
  expect(stdout).not.toContain('= 391');
});

test('a math server that is killed in mid-chat, and does not start again, is said to be down, and its work is not made up', async () => {
  await using demo = await createDemo();
  const stdout = await chatAndKillMath(demo, {
    start: '[ -e "$PID" ] && { echo "Error: not twice" >&2; exit 1; }; echo $$ > "$PID"',
    onKilled: ({ type, endInput }) => {
      for (const line of ['Multiply 19 by 29.', "What is stored under 'magic'?", '/servers']) type(line);
      endInput();
    },
  });
  expect(stdout).toMatch(/✗ math +failed: the server ended \(killed by SIGKILL\)/);
  expect(stdout).toContain('The tool failed: Server "math" is down: the server ended (killed by SIGKILL)');
  expect(stdout).not.toContain('551');
  // The others are untouched.
  expect(stdout).toMatch(/● notes › recall|✗ notes › recall\(key="magic"\)[^]*NOT_FOUND/);
});

test('a math server that is killed in mid-chat comes back, and the conversation hears that it had died', async () => {
  await using demo = await createDemo();
  let asked = 1;
  const stdout = await chatAndKillMath(demo, {
    start: 'echo $$ > "$PID"',
    onKilled: ({ type }) => type('Multiply 19 by 29.'),
    // As long as it is down its calls say so at once; one of the next ones finds it again.
    onAfter: (output, { type, endInput }) => {
      if (output.includes('19 × 29 = 551.\n   1 tool call')) return endInput();
      const refusals = output.match(/can be tried again in|outcome is unknown/g)?.length ?? 0;
      if (refusals < 2 * asked) return;
      asked += 1;
      type('Multiply 19 by 29.');
    },
  });
  expect(stdout).toContain('19 × 29 = 551.');
  const [beforeAnswer = ''] = stdout.split('19 × 29 = 551.');
  expect(beforeAnswer).toMatch(
    /Server "math" (is down|was started anew before this call): the server ended \(killed by SIGKILL\)/,
  );
});

test('every flag and command of patchbay goes with the demo servers', async () => {
  await using demo = await createDemo();
  const answer = await demo.run(['-p', 'Multiply 17 by 23.']);
  expect(answer).toMatchObject({ code: 0, stdout: '17 × 23 = 391.\n' });
  expect(await demo.run(['call', 'math.multiply', 'a=17', 'b=23'])).toMatchObject({
    code: 0,
    stdout: '391\n',
  });
  expect(await demo.run(['--nonsense'])).toMatchObject({ code: 2 });
  const none = await demo.run(['tools', '--config', 'none.json']);
  expect(none).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^✗ Cannot read .*none\.json: ENOENT/),
  });
  const heard = await demo.run(['--screen-reader', '--config', await demo.configOf(['math'])]);
  expect(heard.stdout).not.toMatch(/[✓✗●└›→·]/);
});

type Control = Parameters<NonNullable<ProgramOptions['onOutput']>>[1];

/** Chats until the math server has answered once, kills it, and goes on as told. Returns what the chat printed. */
async function chatAndKillMath(
  demo: Demo,
  {
    start,
    onKilled,
    onAfter = () => {},
  }: {
    start: string;
    onKilled: (control: Control) => void;
    onAfter?: (output: string, control: Control) => void;
  },
): Promise<string> {
  const pidFile = join(demo.folder, 'math.pid');
  const script = `PID='${pidFile}'; ${start}; exec node --conditions=@patchbay/source packages/server-math/src/main.ts`;
  const shell = `"command": "sh", "args": ${JSON.stringify(['-c', script]).slice(0, -1)}`;
  const config = await demo.configWith(/"command": "node",\s*"args": \[[^\]]*server-math[^\]]*/, shell);
  let isAsked = false;
  let isKilled = false;
  const { code, stdout } = await demo.run(['chat', '--config', config], {
    input: undefined,
    onOutput: (output, control) => {
      if (!output.includes('/help for commands')) return;
      if (!isAsked) control.type('Multiply 17 by 23.');
      isAsked = true;
      if (isKilled) return onAfter(output, control);
      if (!output.includes('17 × 23 = 391.\n   1 tool call')) return;
      isKilled = true;
      process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
      onKilled(control);
    },
  });
  expect(code).toBe(0);
  return stdout;
}

interface Tour {
  readonly model: unknown;
  readonly stops: readonly {
    readonly summary: {
      readonly answer: string;
      readonly calls: readonly { readonly server: string; readonly tool: string }[];
    };
  }[];
}
