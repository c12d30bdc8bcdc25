import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from './check-files.ts';
import { runCommand, tryCommand } from './run-command.ts';

interface Surroundings {
  /** Where the package is installed. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Imports all entries of a library, by this Node and by the oldest one that it says it runs on. An entry may want a package
 * that not everybody needs.
 */
export async function checkImports(
  manifest: Manifest,
  { cwd, env }: Surroundings,
): Promise<readonly string[]> {
  const entries = Object.keys(manifest.exports ?? {})
    .filter((entry) => !entry.endsWith('.json'))
    .map((entry) => `${manifest.name}${entry.slice(1)}`);
  const optional = Object.keys(manifest.peerDependenciesMeta ?? {}).map((peer) => `'${peer}'`);
  const source = `
    const isOptional = ({ code, message }) =>
      code === 'ERR_MODULE_NOT_FOUND' && ${JSON.stringify(optional)}.some((peer) => message.includes(peer));
    for (const entry of ${JSON.stringify(entries)})
      await import(entry).catch((error) => { if (!isOptional(error)) throw error; });`;
  const problems: string[] = [];
  for (const node of [process.execPath, await oldestNode(manifest, cwd)]) {
    const { code, output } = await tryCommand([node, '--input-type=module', '-e', source], { cwd, env });
    if (code !== 0) problems.push(`cannot be imported by ${node}: ${output}`);
  }
  return problems;
}

/** The lowest Node of `engines`, from npm, which has one package of it for each kind of machine. */
async function oldestNode({ engines, name }: Manifest, cwd: string): Promise<string> {
  const [, major, minor = '0', patch = '0'] =
    /^>=(\d+)(?:\.(\d+))?(?:\.(\d+))?$/u.exec(engines?.node ?? '') ?? [];
  if (major === undefined) throw new Error(`engines.node of ${name} is not >= a version`);
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const program = `node-${platform}-${process.arch}`;
  const folder = join(cwd, 'oldest-node');
  mkdirSync(folder);
  const wanted = `${program}@${major}.${minor}.${patch}`;
  await runCommand(
    ['npm', 'install', '--prefix', folder, '--prefer-offline', '--no-audit', '--no-fund', wanted],
    { cwd },
  );
  return join(folder, 'node_modules', program, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}
