import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startFakeProvider } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { createProject, math } from './support/cli.ts';

const KEY = 'sk-0123456789abcdefghij';

test('--debug says where its log is and where an error comes from, and takes keys out; --data-dir is where all is kept', async () => {
  await using provider = await startFakeProvider(({ messages }) => {
    if (messages.at(-1)?.role === 'tool')
      return { kind: 'http-error', status: 400, body: { error: { message: KEY } } };
    return { kind: 'answer', toolCalls: [{ name: 'math__add', args: { a: 1, b: 2 } }] };
  });
  await using project = await createProject({ math });
  const env = { ...provider.openAiEnv, OPENAI_API_KEY: KEY };
  const args = ['--model', 'openai/m', '--debug', '--data-dir', 'kept'];
  const { code, stderr } = await project.patchbay(['-p', 'x', ...args], { env });
  expect(code).toBe(1);
  const [, path = ''] = /^Log: (.*)\n/.exec(stderr) ?? [];
  expect(stderr).toMatch(/✗ OpenAI answered HTTP 400: [^]*\nPatchbayError: .*\n +at [^]*\ncaused by: /);
  const log = await readFile(path, 'utf8');
  const types = log
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).type);
  expect([types[0], ...new Set(types)]).toEqual([
    'start',
    'start',
    'server-state',
    'turn-start',
    'usage',
    'tool-call',
    'tool-result',
    'error',
  ]);
  expect(log).not.toContain(KEY);

  const chat = await project.patchbay(args, { env, input: 'x\n' });
  expect(chat.stderr).toMatch(/^Log: \S+\n$/);
  expect(chat.stdout).toMatch(/✗ OpenAI answered HTTP 400: [^]*\nPatchbayError: .*\n +at /);
  expect((await readdir(join(project.folder, 'kept'))).toSorted()).toEqual(['logs', 'projects', 'servers']);
  expect(await readdir(join(project.folder, 'state')).catch(() => 'nothing')).toBe('nothing');
});

test('without a place for its log --debug says so, and shows stacks all the same', async () => {
  await using project = await createProject({});
  const run = (...args: readonly string[]) => project.patchbay(['call', 'math.add', '--debug', ...args]);
  const [full, off, none] = await Promise.all([
    run('--data-dir', 'mcp.json'),
    project.patchbay(['call', 'math.add', '--debug'], { env: { PATCHBAY_STATE: 'off' } }),
    project.patchbay(['call', 'math.add']),
  ]);
  expect(full.stderr).toMatch(
    /^There is no log\. Cannot write .*: a part of its path is no folder \(ENOTDIR\)\n✗ No server[^]*\n +at /,
  );
  expect(off.stderr).toMatch(/^There is no log: PATCHBAY_STATE is off[^]*\n +at /);
  expect(none.stderr).not.toMatch(/\n\s+at /);
});
