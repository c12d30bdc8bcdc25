import { resolve } from 'node:path';
import { late } from '../late-builtins.ts';
import type { StdioLaunch } from './stdio-transport.ts';

type Launch = Pick<StdioLaunch, 'command' | 'args' | 'cwd'>;

const SCRIPT = /\.([cm]?[jt]s|py)$/;

/** Where the programs come from that servers are often started with. */
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/^python[\d.]*$/, 'Install Python 3.10 or newer'],
  [/^uvx?$/, 'Install uv (https://docs.astral.sh/uv)'],
  [/^(node|npx|npm)$/, 'Install Node'],
  [/^docker$/, 'Install Docker'],
];

/** What to do about a command that is not there. */
export function installHint(command: string): string {
  const install = PROGRAMS.find(([name]) => name.test(command))?.[1] ?? 'Install it';
  return `${install}, or give a full path as "command".`;
}

/** What to do about a server that does not come up. A script that is not there is the most common of all mistakes. */
export function launchHint({ command, args, cwd }: Launch): string {
  const missing = args.find((arg) => SCRIPT.test(arg) && !late.fileSystem.existsSync(resolve(cwd, arg)));
  if (missing === undefined) return `Try it by hand: ${[command, ...args].join(' ')}`;
  return `There is no ${resolve(cwd, missing)}: check the path, or build the server first.`;
}
