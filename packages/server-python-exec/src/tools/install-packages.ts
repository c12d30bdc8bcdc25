import type { McpServer } from '@modelcontextprotocol/server';
import { addTool } from '@patchbay/server-kit';
import * as z from 'zod';
import type { PackageInstaller } from '../backend.ts';

/** A name of PyPI with extras and versions: no options, addresses or paths, which pip would take too. */
const REQUIREMENT = /^[A-Za-z0-9][\w.-]*(\[[\w.,-]+\])?((==|>=|<=|~=|!=|<|>)[\w.*+!]+(,(?=[=<>~!]))?)*$/;

const input = z.object({
  packages: z
    .array(z.string().max(200).regex(REQUIREMENT, 'a name, as in "polars" or "polars>=1.0"'))
    .min(1)
    .max(20)
    .describe('Names as on PyPI, with versions where they matter'),
});
const output = z.object({ installed: z.array(z.string()) });

/** Offers `install_packages`. */
export function addInstallPackages(server: McpServer, install: PackageInstaller): void {
  addTool(server, {
    name: 'install_packages',
    title: 'Install Python packages',
    description:
      'Installs packages of PyPI for all sessions, from wheels alone. They can be imported at once; a session that has ' +
      'already imported another version keeps it until it is reset.',
    input,
    output,
    hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    async run({ packages }, { signal }) {
      await install(packages, signal);
      return { structured: { installed: packages }, text: `Installed: ${packages.join(', ')}` };
    },
  });
}
