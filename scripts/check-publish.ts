// Packs every package, installs it from its tarball in an empty folder with npm alone, and uses it as its users do:
// `npm run check:publish`, or `-- server-math` for some. Prints a table, then what is wrong, and ends with 1 if anything is.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { checkExamples } from './publish/check-examples.ts';
import type { Manifest } from './publish/check-files.ts';
import { checkFiles } from './publish/check-files.ts';
import { checkReadme } from './publish/check-readme.ts';
import { checkRegistryEntry } from './publish/check-registry-entry.ts';
import { checkImports } from './publish/check-imports.ts';
import { checkPrograms } from './publish/check-programs.ts';
import { oldestNode } from './publish/oldest-node.ts';
import type { ServerFacts } from './publish/check-server.ts';
import { checkServer } from './publish/check-server.ts';
import type { PackedPackage } from './publish/pack-packages.ts';
import { overridesOf, packPackages } from './publish/pack-packages.ts';
import { tryCommand } from './publish/run-command.ts';

/** How many packages are looked at at a time. */
const AT_ONCE = 2;

const root = join(import.meta.dirname, '..');
const { repository }: { repository: { url: string } } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);
const wanted = process.argv.slice(2).map((each) => basename(each));
const folder = mkdtempSync(join(tmpdir(), 'check-publish-'));
try {
  process.exitCode = (await checkAll()) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function checkAll(): Promise<boolean> {
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  const unknown = wanted.filter((each) => !existsSync(join(root, 'packages', each, 'package.json')));
  if (unknown.length > 0) {
    console.error(`There is no packages/${unknown.join(', packages/')}.`);
    return false;
  }
  const packages = await packPackages(tarballs, wanted);
  const chosen = packages.filter((each) => wanted.length === 0 || wanted.includes(basename(each.folder)));
  const waiting = [...chosen];
  const results = new Map<string, ServerFacts>();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        results.set(next.name, await checkPackage(next, packages));
      }
    }),
  );
  console.log(row(['package', 'tarball', 'tools', 'tokens', 'start', 'a call', '']));
  for (const { name, tarball } of chosen) console.log(row(cellsOf(name, tarball, results.get(name))));
  const problems = chosen.flatMap(({ name }) =>
    (results.get(name)?.problems ?? []).map((problem) => `${name}: ${problem}`),
  );
  for (const problem of problems) console.log(problem);
  console.log(`${chosen.length} packages, ${problems.length} problems`);
  return problems.length === 0;
}

function cellsOf(name: string, tarball: string, facts: ServerFacts | undefined): readonly string[] {
  const { tools = '', tokens = '', startMs, answer = '', problems = [] } = facts ?? {};
  const size = `${Math.round(statSync(tarball).size / 1024)} kB`;
  const start = startMs === undefined ? '' : `${startMs} ms`;
  return [name, size, String(tools), String(tokens), start, answer, problems.length === 0 ? 'ok' : 'WRONG'];
}

function row([name = '', ...cells]: readonly string[]): string {
  return `${name.padEnd(30)}${cells.map((cell) => cell.padStart(10)).join('')}`;
}

/** Installs one package beside nothing else, and looks at it from there. */
async function checkPackage(packed: PackedPackage, all: readonly PackedPackage[]): Promise<ServerFacts> {
  const cwd = join(folder, basename(packed.folder));
  mkdirSync(cwd);
  const { [packed.name]: own, ...siblings } = overridesOf(all);
  const project = { private: true, dependencies: { [packed.name]: own }, overrides: siblings };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(project));
  const install = await tryCommand(['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund'], {
    cwd,
  });
  if (install.code !== 0) return { problems: [`npm install failed: ${install.output}`] };

  const installed = join(cwd, 'node_modules', packed.name);
  const manifest: Manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const problems = [
    ...checkFiles(installed, {
      repository: repository.url,
      directory: `packages/${basename(packed.folder)}`,
    }),
    ...(await lint(packed, manifest)),
  ];
  // Nothing of this repository or this user is in reach.
  const path = [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  const env = { PATH: path, HOME: cwd };
  const surroundings = { cwd, env, oldestNode: await oldestNode(manifest, folder) };
  const [bin] = Object.keys(manifest.bin ?? {});
  if (bin === undefined) {
    const examples = await checkExamples(installed, { cwd, root });
    return { problems: [...problems, ...(await checkImports(manifest, surroundings)), ...examples] };
  }
  problems.push(...(await checkPrograms(installed, manifest, surroundings)));
  const program = join(cwd, 'node_modules/.bin', bin);
  const { code, stdout: help } = await tryCommand([program, '--help'], { cwd, env });
  if (code !== 0) problems.push(`${bin} --help ended with ${code}`);
  if (!basename(packed.folder).startsWith('server-')) return { problems };
  problems.push(
    ...checkRegistryEntry(installed, { manifest, help }),
    ...checkReadme(installed, { name: packed.name, help }),
  );
  const facts = await checkServer({ bin: program, cwd, env, name: packed.name, version: packed.version });
  return { ...facts, problems: [...problems, ...facts.problems] };
}

async function lint({ tarball }: PackedPackage, manifest: Manifest): Promise<readonly string[]> {
  const hasTypes = Object.keys(manifest.exports ?? {}).includes('.');
  const commands = [
    ['publint', 'run', tarball, '--strict'],
    ...(hasTypes ? [['attw', tarball, '--profile', 'esm-only']] : []),
  ];
  const results = await Promise.all(commands.map((command) => tryCommand(command, { cwd: root })));
  return results.flatMap(({ code, output }) => (code === 0 ? [] : [output]));
}
