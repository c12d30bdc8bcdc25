// What a start loads: a module that is not loaded costs nothing.
import { expect, test } from 'vitest';
import { createProject, math } from './support/cli.ts';

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
