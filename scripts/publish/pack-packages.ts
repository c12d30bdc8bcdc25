import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What is published of a workspace package, as a file. */
export interface PackedPackage {
  readonly name: string;
  readonly version: string;
  /** Its folder in the repository. */
  readonly folder: string;
  readonly tarball: string;
}

/**
 * Builds packages and packs them into `target`, as publishing would: with versions in the place of `workspace:` and `catalog:`.
 *
 * @param folders - Names of folders in `packages/`; these are packed with all that they need of this repository. None: all are.
 */
export async function packPackages(
  target: string,
  folders: readonly string[] = [],
): Promise<readonly PackedPackage[]> {
  const chosen = folders.length === 0 ? ['./packages/*'] : folders.map((each) => `{packages/${each}}...`);
  const recursive = ['pnpm', '-r', ...chosen.map((each) => `--filter=${each}`)];
  await runCommand([...recursive, 'build'], { cwd: ROOT });
  await runCommand([...recursive, 'pack', '--pack-destination', target], { cwd: ROOT });
  return globSync('packages/*/package.json', { cwd: ROOT })
    .toSorted()
    .map((path) => {
      const { name, version }: { name: string; version: string } = JSON.parse(
        readFileSync(join(ROOT, path), 'utf8'),
      );
      const tarball = join(target, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
      return { name, version, folder: join(ROOT, path, '..'), tarball };
    })
    .filter(({ tarball }) => existsSync(tarball));
}

/** What npm has to be told so that it takes packages of this repository from their tarballs. */
export function overridesOf(packages: readonly PackedPackage[]): Readonly<Record<string, string>> {
  return Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]));
}
