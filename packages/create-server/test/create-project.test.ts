import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '@patchbay/testing';
import { expect, test } from 'vitest';

const main = new URL('../src/main.ts', import.meta.url);

async function emptyFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'create-server-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

test('makes a server whose files bear its name', async () => {
  await using folder = await emptyFolder();
  const { code, stdout } = await runProgram(main, { args: ['stocks'], cwd: folder.path });
  expect(code).toBe(0);
  expect(stdout).toContain('cd stocks\n  npm install\n  npm test');

  expect(await readdir(folder.path)).toEqual(['stocks']);
  const files = await readdir(join(folder.path, 'stocks'), { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  expect(paths.map((path) => path.slice(join(folder.path, 'stocks/').length)).toSorted()).toEqual([
    '.gitignore',
    'README.md',
    'package.json',
    'server.json',
    'src/main.ts',
    'src/program.ts',
    'src/server.ts',
    'test/server.test.ts',
    'tsconfig.build.json',
    'tsconfig.json',
    'vitest.config.ts',
  ]);
  for (const path of paths) expect(await readFile(path, 'utf8')).not.toMatch(/__\w+__/u);
  const manifest: unknown = JSON.parse(await readFile(join(folder.path, 'stocks/package.json'), 'utf8'));
  expect(manifest).toMatchObject({
    name: 'stocks',
    bin: { stocks: './dist/main.js' },
    mcpName: 'io.github.your-name/stocks',
  });
});

test.for([
  [[], 'a name is missing'],
  [['Stocks'], '"Stocks" is no name'],
  [['a--b'], '"a--b" is no name'],
  [['x'.repeat(31)], 'longer than 30 characters'],
  [['taken'], 'taken is there already, and not empty'],
  [['taken/file'], 'file is there already, and is no folder'],
  [['missing/stocks'], 'missing cannot be written'],
  [['one', 'two'], 'give one folder'],
  [['--yes'], 'give one folder'],
] as const)('refuses %j in a sentence, and leaves all as it was', async ([args, reason]) => {
  await using folder = await emptyFolder();
  await mkdir(join(folder.path, 'taken'));
  await writeFile(join(folder.path, 'taken/file'), '');
  const { code, stdout, stderr } = await runProgram(main, { args, cwd: folder.path });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(reason);
  expect(stderr).toContain('Usage: npm create @patchbay/server <folder>');
  expect(await readdir(folder.path, { recursive: true })).toEqual(['taken', 'taken/file']);
});

test('an empty folder is taken as it is', async () => {
  await using folder = await emptyFolder();
  await mkdir(join(folder.path, 'stocks'));
  expect(await runProgram(main, { args: ['./stocks/'], cwd: folder.path })).toMatchObject({ code: 0 });
  expect(await readdir(join(folder.path, 'stocks'))).toContain('package.json');
});
