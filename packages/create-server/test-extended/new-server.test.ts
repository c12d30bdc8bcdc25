import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tryCommand } from '../../../scripts/publish/run-command.ts';
import type { Clone } from './clone.ts';
import { cloneRepository } from './clone.ts';

let clone: Clone;
beforeAll(async () => {
  clone = await cloneRepository();
  await clone.shell('git init -q && git add -A && git -c user.name=a -c user.email=a@b.c commit -qm all');
});
afterAll(() => clone[Symbol.asyncDispose]());

test.for([
  ['', 'a name is missing'],
  ['Stocks', '"Stocks" is no name'],
  ['../stocks', '"../stocks" is no name'],
  ['server-stocks', 'give the name without "server-"'],
  ['math', 'packages/server-math is there already'],
  ['python', '"python" is defined twice, first at apps/demo/mcp.json'],
  ['a b', 'give one name'],
] as const)('the name "%s" is refused, and nothing changes', async ([name, reason]) => {
  const { code, output } = await tryCommand(['bash', '-c', `npm run new:server -- ${name}`], {
    cwd: clone.folder,
  });
  expect(output).toContain(reason);
  expect(output).toContain('Usage: npm run new:server -- <name>');
  expect(code).toBe(2);
  expect(await clone.shell('git status --porcelain')).toBe('');
});

test('when the installation fails, nothing has changed', async () => {
  const settings = join(clone.folder, 'pnpm-workspace.yaml');
  const good = await readFile(settings, 'utf8');
  await writeFile(settings, 'packages: {');
  const before = await clone.shell('git status --porcelain');
  const { code, output } = await tryCommand(['node', 'scripts/new-server.ts', 'stocks'], {
    cwd: clone.folder,
  });
  expect(output).toContain('Nothing was made: pnpm install failed');
  expect(code).toBe(1);
  expect(await clone.shell('git status --porcelain')).toBe(before);
  await writeFile(settings, good);
});

test('a new server is built, tested, checked, judged and offered by the demo as it is', async () => {
  expect(await clone.shell('npm run new:server -- stocks')).toContain('Made packages/server-stocks');
  await clone.shell('npm run typecheck && npm run deadcode');
  await clone.shell('oxlint --deny-warnings packages/server-stocks && oxfmt --check');
  await clone.shell('turbo run build hygiene --filter=@patchbay/server-stocks');
  expect(await clone.shell('npm test -- --filter=@patchbay/server-stocks')).toContain('3 passed, 0 failed');
  expect(await clone.shell('npm run -s conformance -- server stocks')).toBe(
    'server-stocks        2025-11-25  6/6\nserver-stocks        2026-07-28  6/6\n',
  );
  const tools = await clone.shell('npm run -s demo -- tools');
  expect(tools).toContain('stocks.greet  Greets someone by name.');
  expect(await clone.shell('npm run -s demo -- call stocks.greet name=Ada')).toBe('Hello, Ada.\n');
  expect((await clone.shell('git status --porcelain')).split('\n')).toEqual([
    ' M apps/demo/mcp.json',
    ' M apps/demo/package.json',
    ' M pnpm-lock.yaml',
    '?? packages/server-stocks/',
    '',
  ]);
});
