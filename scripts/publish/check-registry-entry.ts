import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from './check-files.ts';

/** The part of a `server.json` that is looked at. */
interface RegistryEntry {
  readonly $schema?: string;
  readonly name?: string;
  readonly description?: string;
  readonly version?: string;
  readonly packages?: readonly {
    readonly registryType?: string;
    readonly identifier?: string;
    readonly version?: string;
    readonly transport?: Readonly<Record<string, unknown>>;
    readonly environmentVariables?: readonly { readonly name: string }[];
  }[];
}

/** The revision of the format that entries are written for. */
const SCHEMA = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';

/**
 * Says what the MCP registry would refuse of a server's `server.json`, and where it says something else than the package.
 * Source: modelcontextprotocol/registry, docs/reference/server-json (schema, and the official registry's requirements).
 */
export function checkRegistryEntry(
  folder: string,
  { manifest, help }: { manifest: Manifest; help: string },
): readonly string[] {
  const path = join(folder, 'server.json');
  if (!existsSync(path)) return ['server.json is missing'];
  const entry: RegistryEntry = JSON.parse(readFileSync(path, 'utf8'));
  const { $schema, name = '', description = '', version, packages = [] } = entry;
  const started = packages.map(({ environmentVariables: _variables, ...rest }) => rest);
  const expected = {
    $schema: SCHEMA,
    name: manifest.mcpName,
    version: manifest.version,
    packages: [
      {
        registryType: 'npm',
        identifier: manifest.name,
        version: manifest.version,
        transport: { type: 'stdio' },
      },
    ],
  };
  const problems: string[] = [];
  const found = { $schema, name, version, packages: started };
  if (!isDeepStrictEqual(found, expected)) {
    problems.push(`server.json: says ${JSON.stringify(found)}, the package ${JSON.stringify(expected)}`);
  }
  if (!/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/u.test(name)) problems.push(`server.json: name "${name}" is none`);
  if (description === '' || description.length > 100) {
    problems.push(`server.json: description has ${description.length} characters; 1 to 100 are allowed`);
  }
  for (const variable of packages.flatMap(({ environmentVariables = [] }) => environmentVariables)) {
    if (help.includes(`env ${variable.name}`)) continue;
    problems.push(`server.json: --help knows no variable ${variable.name}`);
  }
  return problems;
}
