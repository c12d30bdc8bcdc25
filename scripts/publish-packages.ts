// Publishes each package whose version the registry does not have, and then tags all: `npm run release:publish`, or with
// `-- --dry-run` as if. pnpm packs, since it knows what `workspace:` stands for; npm publishes, since the registry takes its
// word for the workflow that it runs in, and not that of pnpm 12, which `changeset publish` would use (pnpm/pnpm#11566).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packPackages } from './publish/pack-packages.ts';
import { runCommand, tryCommand } from './publish/run-command.ts';

const isDryRun = process.argv.includes('--dry-run');
const cwd = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'publish-packages-'));
try {
  // One that fails ends it all without a tag; the next run goes on where this one ended.
  for (const { name, version, tarball } of await packPackages(folder)) {
    const release = `${name}@${version}`;
    const known = await tryCommand(['npm', 'view', release, 'version'], { cwd });
    if (known.code === 0 && known.stdout.trim() === version) {
      console.log(`${release} is published already`);
      continue;
    }
    const publish = ['npm', 'publish', tarball, '--access', 'public'];
    await runCommand(isDryRun ? [...publish, '--dry-run'] : publish, { cwd });
    console.log(`${release} ${isDryRun ? 'would be published' : 'published'}`);
  }
  // The workflow makes releases of the tags that it reads here.
  if (!isDryRun) console.log(await runCommand(['changeset', 'tag'], { cwd }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
