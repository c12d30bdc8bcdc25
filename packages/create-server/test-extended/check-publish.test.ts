import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tryCommand } from '../../../scripts/publish/run-command.ts';
import { cloneRepository } from './clone.ts';

const ROOT = join(import.meta.dirname, '../../..');

async function checkPublish(
  cwd: string,
  ...packages: readonly string[]
): Promise<{ code: number | null; output: string }> {
  return tryCommand([process.execPath, 'scripts/check-publish.ts', ...packages], { cwd });
}

test('a package that is fit to be published passes, and an unknown one is named', async () => {
  const { code, output } = await checkPublish(ROOT, 'server-math');
  expect(output).toMatch(/^@patchbay\/server-math +\d+ kB +9 +\d+ +\d+ ms +ok +ok$/mu);
  expect(output).toMatch(/^1 packages, 0 problems$/mu);
  expect(code).toBe(0);
  expect(await checkPublish(ROOT, 'server-nothing')).toMatchObject({
    code: 1,
    output: 'There is no packages/server-nothing.\n',
  });
});

test('all that would fail its users is found', async () => {
  await using clone = await cloneRepository();
  const folder = join(clone.folder, 'packages/server-math');
  async function change(path: string, from: string, to: string): Promise<void> {
    const text = await readFile(join(folder, path), 'utf8');
    expect(text).toContain(from);
    await writeFile(
      join(folder, path),
      text.replace(from, () => to),
    );
  }
  await change('package.json', '"provenance": true', '"provenance": false');
  await change('package.json', '"src"', '"src", "test"');
  await change('server.json', '"version": "', '"version": "9.');
  await change(
    'README.md',
    '"args": ["-y", "@patchbay/server-math"]',
    '"args": ["-y", "server-math", "--fast"]',
  );
  // Where a host is listening, but not where its author looks.
  const print = "if (process.argv.length === 2) console.log('ready');\nawait serve(";
  await change('src/program.ts', 'await serve(', print);
  await change('src/errors.ts', '\n', `\nexport const KEY = 'ghp_${'a1'.repeat(18)}';\n`);

  const { code, output } = await checkPublish(clone.folder, 'server-math');
  for (const problem of [
    'publishConfig.provenance is false, not true',
    'server.test.ts is published',
    'server.json: says ',
    'README.md: mcpServers: starts npx -y server-math --fast, not npx -y @patchbay/server-math',
    'README.md: mcpServers: --help knows no --fast',
    'legacy: writes to standard output: ready',
    'modern: writes to standard output: ready',
    'src/errors.ts has what looks like a key',
  ]) {
    expect(output).toContain(problem);
  }
  expect(code).toBe(1);
});
