// What a start loads: a module that is not loaded costs nothing.
import { expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { createProject, math } from './support/cli.ts';
import { PseudoTerminal } from './support/pseudo-terminal.ts';

/** Writes the address of every module to stderr, as it is loaded. */
const TRACER = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { process.stderr.write('loads ' + url + '\\n'); return next(url, context); } });`;

const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(TRACER)}` };

test('help loads nothing of core, and a chat neither a provider, Markdown, the doctor nor what init asks with', async () => {
  await using project = await createProject({ math });
  const [help, chat] = await Promise.all([
    project.patchbay(['--help'], { env }),
    project.patchbay([], { env, input: '/quit\n' }),
  ]);
  expect([help.code, chat.code]).toEqual([0, 0]);
  expect(help.stderr).toMatch(/loads file:.*\/cli\/src\/cli\.ts/);
  expect(help.stderr).not.toMatch(/\/core\/src\/|\/node_modules\//);
  expect(chat.stderr).toMatch(/\/core\/src\/host\.ts/);
  expect(chat.stderr).not.toMatch(
    /\/node_modules\/(?:openai|@anthropic-ai|markdansi|highlight\.js|@clack)\/|\/cli\/src\/(?:doctor|init)\//,
  );
});

test('at a terminal something is shown before anything heavy is loaded, and goes when there is more to say', async () => {
  await using project = await createProject({ math });
  const shownBefore = async (...args: readonly string[]) => {
    using terminal = await PseudoTerminal.start(project, { args, env });
    await terminal.shows('/core/src/');
    const [shown = ''] = terminal.written.split('/core/src/');
    return shown
      .split('\r\n')
      .flatMap((line) => line.split('loads ')[0] ?? [])
      .join('');
  };
  expect(await Promise.all([shownBefore(), shownBefore('tools'), shownBefore('-p', 'Add 1 and 2.')])).toEqual(
    [
      expect.stringContaining(`patchbay ${manifest.version}`),
      expect.stringContaining('one moment …'),
      expect.stringContaining('one moment …'),
    ],
  );
  using tools = await PseudoTerminal.start(project, { args: ['call', 'math.add', 'a=1', 'b=2'] });
  expect(await tools.ended).toBe(0);
  expect([tools.written.includes('one moment …'), tools.text]).toEqual([true, '3']);
});
