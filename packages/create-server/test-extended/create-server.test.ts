import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { overridesOf, packPackages } from '../../../scripts/publish/pack-packages.ts';
import { runCommand } from '../../../scripts/publish/run-command.ts';

test('what is packed makes a server that npm alone installs, tests, builds, packs and starts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'create-server-'));
  try {
    await mkdir(join(folder, 'tarballs'));
    const packages = await packPackages(join(folder, 'tarballs'));
    const creator = packages.find(({ name }) => name === '@patchbay/create-server');
    await runCommand(['npm', 'exec', '--yes', `--package=${creator?.tarball}`, 'create-server', 'stocks'], {
      cwd: folder,
    });

    // The packages are not in the registry until they are published.
    const cwd = join(folder, 'stocks');
    const manifest: object = JSON.parse(await readFile(join(cwd, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ dependencies: { '@patchbay/server-kit': creator?.version } });
    await writeFile(join(cwd, 'package.json'), JSON.stringify(replaced(manifest, overridesOf(packages))));
    await runCommand(['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund'], { cwd });

    await runCommand(['npm', 'run', 'typecheck'], { cwd });
    expect(await runCommand(['npm', 'test'], { cwd, env: { ...process.env, NO_COLOR: '1' } })).toMatch(
      /Tests +3 passed/u,
    );
    await runCommand(['npm', 'run', 'build'], { cwd });
    const report: unknown = JSON.parse(await runCommand(['npm', 'exec', '--', 'stocks', '--check'], { cwd }));
    expect(report).toMatchObject({ ok: true, name: 'stocks', tools: ['greet'] });
    const [packed]: readonly { files: readonly { path: string }[] }[] = JSON.parse(
      await runCommand(['npm', 'pack', '--dry-run', '--json', '--ignore-scripts'], { cwd }),
    );
    const paths = packed?.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['dist/main.js', 'README.md', 'package.json']));
    expect(paths?.filter((path) => path.includes('test'))).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** The manifest with other places for its dependencies, which npm wants to agree with its overrides. */
function replaced(manifest: object, places: Readonly<Record<string, string>>): object {
  const text = JSON.stringify(
    { ...manifest, overrides: places },
    (key, value: unknown) => places[key] ?? value,
  );
  return JSON.parse(text) as object;
}
