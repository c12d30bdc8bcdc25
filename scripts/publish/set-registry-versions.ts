// Gives each server.json the version of its package: `npm run release:version` does this behind `changeset version`.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

for (const path of globSync('packages/*/server.json', { cwd: root })) {
  const file = join(root, path);
  const manifest: { version: string } = JSON.parse(readFileSync(join(dirname(file), 'package.json'), 'utf8'));
  const entry: { packages: readonly object[] } = JSON.parse(readFileSync(file, 'utf8'));
  const { version } = manifest;
  const packages = entry.packages.map((each) => ({ ...each, version }));
  writeFileSync(file, `${JSON.stringify({ ...entry, version, packages }, null, 2)}\n`);
}
