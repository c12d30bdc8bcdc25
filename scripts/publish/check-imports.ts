import type { Manifest } from './check-files.ts';
import { tryCommand } from './run-command.ts';

interface Surroundings {
  /** Where the package is installed. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The oldest Node that the package says it runs on. */
  readonly oldestNode: string;
}

/** Imports all entries of a library, by this Node and by the oldest. An entry may want a package that not everybody needs. */
export async function checkImports(
  manifest: Manifest,
  { cwd, env, oldestNode }: Surroundings,
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
  for (const node of [process.execPath, oldestNode]) {
    const { code, output } = await tryCommand([node, '--input-type=module', '-e', source], { cwd, env });
    if (code !== 0) problems.push(`cannot be imported by ${node}: ${output}`);
  }
  return problems;
}
