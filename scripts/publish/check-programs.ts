import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from './check-files.ts';
import { tryCommand } from './run-command.ts';

interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The oldest Node that the package says it runs on. */
  readonly oldestNode: string;
}

/**
 * Whether the oldest Node can read all that a program may ever load, and runs it: a server as far as its own check, which
 * calls a tool and may fail for want of a network, another program as far as its help.
 */
export async function checkPrograms(
  installed: string,
  { name, bin = {} }: Manifest,
  { cwd, env, oldestNode }: Surroundings,
): Promise<readonly string[]> {
  const files = globSync('dist/**/*.js', { cwd: installed }).map((file) => join(installed, file));
  const reader = `
    import { readFileSync } from 'node:fs';
    import { SourceTextModule } from 'node:vm';
    for (const file of ${JSON.stringify(files)})
      new SourceTextModule(readFileSync(file, 'utf8').replace(/^#!.*/, ''), { identifier: file });`;
  const read = await tryCommand(
    [oldestNode, '--experimental-vm-modules', '--input-type=module', '-e', reader],
    { cwd, env },
  );
  const [main = ''] = Object.values(bin);
  const isServer = name.includes('/server-');
  const ran = await tryCommand([oldestNode, join(installed, main), isServer ? '--check' : '--help'], {
    cwd,
    env,
  });
  const hasRun = isServer ? ran.stdout.includes(`"${name}"`) : ran.code === 0;
  return [
    ...(files.length > 0 && read.code === 0 ? [] : [`its oldest Node cannot read it: ${read.output}`]),
    ...(hasRun ? [] : [`its oldest Node does not run it: ${ran.output}`]),
  ];
}
