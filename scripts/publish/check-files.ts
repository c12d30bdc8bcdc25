import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly engines?: { readonly node?: string };
  readonly peerDependenciesMeta?: Readonly<Record<string, unknown>>;
  readonly mcpName?: string;
  readonly repository?: { readonly url?: string; readonly directory?: string };
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean };
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** What has no place in a package. A template's tests are what it is for. */
const UNWANTED = [
  'test/**',
  'test-extended/**',
  '**/*.test.*',
  '**/.env',
  '**/*.tsbuildinfo',
  '**/*.pem',
  '**/.npmrc',
];

/** Forms of keys that must not be published. */
const SECRET =
  /\b(?:sk-(?:proj-|ant-)?[A-Za-z0-9_-]{24,}|gh[pousr]_[A-Za-z0-9]{36}|AKIA[0-9A-Z]{16}|npm_[A-Za-z0-9]{36})\b|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/u;

/** Looks at a package as it was installed, and says what is wrong with its files. */
export function checkFiles(
  folder: string,
  { repository, directory }: { repository: string; directory: string },
): readonly string[] {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const problems: string[] = [];
  const expected: readonly (readonly [unknown, unknown, string])[] = [
    [manifest.license, 'MIT', 'license'],
    [manifest.publishConfig?.access, 'public', 'publishConfig.access'],
    // npm attests where a package was built, and refuses when the repository is another than it says.
    [manifest.publishConfig?.provenance, true, 'publishConfig.provenance'],
    [manifest.repository?.url, repository, 'repository.url'],
    [manifest.repository?.directory, directory, 'repository.directory'],
  ];
  for (const [found, wanted, what] of expected) {
    if (found !== wanted)
      problems.push(`package.json: ${what} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
  }
  for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
    if (!/^\d+\.\d+\.\d+/u.test(range)) problems.push(`package.json: ${name} is ${range}, not a version`);
  }
  for (const file of ['LICENSE', 'README.md']) {
    if (!existsSync(join(folder, file))) problems.push(`${file} is missing`);
  }
  return [...problems, ...unwantedFiles(folder)];
}

function unwantedFiles(folder: string): readonly string[] {
  const own = { cwd: folder, exclude: ['node_modules/**', 'template/**'] };
  const unwanted = globSync(UNWANTED, own).map((path) => `${path} is published`);
  const keys = globSync('**/*', { ...own, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => SECRET.test(readFileSync(path, 'utf8')))
    .map((path) => `${path.slice(folder.length + 1)} has what looks like a key`);
  return [...unwanted, ...keys];
}
