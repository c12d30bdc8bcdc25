// Makes packages/server-<name> from the template of packages/create-server, and adds it to the demo:
// `npm run new:server -- <name>`. When something fails, all is as it was.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mergeServers } from '../packages/core/src/config/import/merge-servers.ts';
import { fillTemplate } from '../packages/create-server/src/fill-template.ts';
import { problemOfName } from '../packages/create-server/src/server-name.ts';

const root = join(import.meta.dirname, '..');
const [name = '', ...more] = process.argv.slice(2);
const folder = `packages/server-${name}`;
const packageName = `@patchbay/server-${name}`;

/** What is changed besides the new folder. */
const CONFIG = 'apps/demo/mcp.json';
const MANIFEST = 'apps/demo/package.json';
const LOCKFILE = 'pnpm-lock.yaml';

const problem = more.length > 0 ? 'give one name' : (problemOfName(name) ?? problemOfUse());
if (problem !== undefined) {
  console.error(`${problem}\nUsage: npm run new:server -- <name>, for example: npm run new:server -- stocks`);
  process.exitCode = 2;
} else await make();

function problemOfUse(): string | undefined {
  if (name.startsWith('server-')) return `"${name}": give the name without "server-"`;
  if (existsSync(join(root, folder))) return `${folder} is there already`;
  try {
    addToDemo(read(CONFIG));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function make(): Promise<void> {
  const before = [CONFIG, MANIFEST, LOCKFILE].map((path) => ({ path, text: read(path) }));
  try {
    const bin = `patchbay-server-${name}`;
    mkdirSync(join(root, folder));
    await fillTemplate(join(root, folder), {
      name,
      package: packageName,
      bin,
      mcpName: `io.github.patchbay/server-${name}`,
    });
    for (const file of ['tsconfig.build.json', 'vitest.config.ts']) {
      copyFileSync(join(root, 'packages/create-server', file), join(root, folder, file));
    }
    write(CONFIG, addToDemo(read(CONFIG)));
    write(MANIFEST, addDependency(read(MANIFEST)));
    run('oxfmt', [CONFIG, MANIFEST, ...globSync(`${folder}/**/*.{json,ts}`, { cwd: root })]);
    run('pnpm', ['install', '--prefer-offline', '--no-frozen-lockfile', '--reporter=append-only']);
  } catch (error) {
    rmSync(join(root, folder), { recursive: true, force: true });
    for (const { path, text } of before) write(path, text);
    console.error(`Nothing was made: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
    return;
  }
  console.log(
    `Made ${folder}, and added "${name}" to ${CONFIG}. Next:\n\n` +
      `  npm test -- --filter=${packageName}\n  npm run demo -- call ${name}.greet name=Ada\n\n` +
      `Its tools are in ${folder}/src/server.ts.`,
  );
}

function addToDemo(config: string): string {
  const entry = {
    command: 'node',
    args: ['--conditions=@patchbay/source', `${folder}/src/main.ts`],
    cwd: '../..',
    trusted: true,
  };
  const { text, added } = mergeServers(config, CONFIG, [{ name, entry, place: 'the new server' }]);
  if (added.length === 0) throw new Error(`${CONFIG} has a server "${name}" already`);
  return text;
}

function addDependency(manifest: string): string {
  const { dependencies, ...rest }: { dependencies: Record<string, string> } = JSON.parse(manifest);
  const sorted = Object.entries({ ...dependencies, [packageName]: 'workspace:*' }).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return `${JSON.stringify({ ...rest, dependencies: Object.fromEntries(sorted) }, null, 2)}\n`;
}

function run(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(program, [...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`${program} ${args[0] ?? ''} failed${error ? `: ${error.message}` : ''}`);
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function write(path: string, text: string): void {
  writeFileSync(join(root, path), text);
}
