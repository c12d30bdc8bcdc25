import { globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cloneRepository } from './clone.ts';

const ROOT = join(import.meta.dirname, '../../..');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly scripts?: Readonly<Record<string, string>>;
}

async function readJson<T>(...path: readonly string[]): Promise<T> {
  return JSON.parse(await readFile(join(...path), 'utf8')) as T;
}

test('a release raises what changed and what stands on it, says why, and publishing it would go through', async () => {
  await using clone = await cloneRepository();
  const { folder, shell } = clone;
  await shell('git init -q -b main && git add -A && git -c user.name=a -c user.email=a@b.c commit -qm all');
  // One change alone, whatever else is waiting.
  await shell("find .changeset -name '*.md' -delete");
  await writeFile(
    join(folder, '.changeset/kit.md'),
    "---\n'@patchbay/server-kit': minor\n---\n\nIt hums while it works.\n",
  );
  const before = await versionsIn(folder);
  await shell('npm run release:version');

  const after = await versionsIn(folder);
  const raised = Object.keys(after).filter((name) => after[name] !== before[name]);
  const stand = await shell('grep -lE \'"@patchbay/server-kit": "workspace\' packages/*/package.json');
  const dependents = stand
    .trim()
    .split('\n')
    .map((path) => path.split('/')[1]);
  // What create-server makes stands on the newest kit.
  expect(raised).toEqual(expect.arrayContaining(['server-kit', 'testing', ...dependents]));
  expect(dependents).toContain('create-server');
  expect(raised).not.toContain('core');
  expect(await readFile(join(folder, 'packages/server-kit/CHANGELOG.md'), 'utf8')).toMatch(
    new RegExp(
      `## ${after['server-kit']}\n\n### Minor Changes\n\n- (?:[0-9a-f]+: )?It hums while it works`,
      'u',
    ),
  );
  expect(await readFile(join(folder, 'packages/server-math/CHANGELOG.md'), 'utf8')).toContain(
    `@patchbay/server-kit@${after['server-kit']}`,
  );
  expect(await readJson(folder, 'packages/server-math/server.json')).toMatchObject({
    version: after['server-math'],
    packages: [{ version: after['server-math'] }],
  });
  expect(globSync('.changeset/*.md', { cwd: folder })).toEqual([]);
  await shell('oxfmt --check && pnpm install --frozen-lockfile --offline');

  const dryRun = await shell('npm run release:publish -- --dry-run');
  for (const [name, version] of Object.entries(after)) {
    expect(dryRun).toContain(`@patchbay/${name}@${version} would be published\n`);
  }
});

test('the workflows run commands that there are, and may do no more than they need', async () => {
  const { scripts = {} } = await readJson<Manifest>(ROOT, 'package.json');
  for (const path of ['ci.yml', 'release.yml']) {
    const text = await readFile(join(ROOT, '.github/workflows', path), 'utf8');
    const named = [...text.matchAll(/npm run (\S+)/gu)].map(([, name = '']) => name);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
    // Whatever is run by others has a version.
    expect([...text.matchAll(/uses: (\S+)/gu)].filter(([, action = '']) => !/@v\d+$/u.test(action))).toEqual(
      [],
    );
    expect(text).toMatch(/^permissions:/mu);
    expect(text).not.toMatch(/NPM_TOKEN|NODE_AUTH_TOKEN/u);
  }
  const release = await readFile(join(ROOT, '.github/workflows/release.yml'), 'utf8');
  // Without it npm attests nothing.
  expect(release).toContain('id-token: write');
});

/** The version of each package, by its folder. */
async function versionsIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const paths = globSync('packages/*/package.json', { cwd: folder }).toSorted();
  const manifests = await Promise.all(paths.map((path) => readJson<Manifest>(folder, path)));
  return Object.fromEntries(manifests.map(({ name, version }) => [name.replace('@patchbay/', ''), version]));
}
