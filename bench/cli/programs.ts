import { join } from 'node:path';

/** A program for MCP in a terminal, and how each thing is asked of it. */
export interface Program {
  readonly name: string;
  /** Behind `node`, for each workload that it can do. */
  readonly commands: Readonly<Partial<Record<Workload, readonly string[]>>>;
}

export const WORKLOADS = [
  { name: 'help', title: 'says what it can do' },
  { name: 'list', title: 'lists the tools of one server' },
  { name: 'call', title: 'calls one tool of it' },
] as const;

type Workload = (typeof WORKLOADS)[number]['name'];

const root = join(import.meta.dirname, '..', '..');
export const peersFolder = join(import.meta.dirname, 'peers');
const peer = (...path: readonly string[]): string => join(peersFolder, 'node_modules', ...path);

export const PATCHBAY = join(root, 'packages', 'cli', 'dist', 'main.js');
const MCPORTER = peer('mcporter', 'dist', 'cli.js');
const INSPECTOR = peer('@modelcontextprotocol', 'inspector', 'clients', 'launcher', 'build', 'index.js');

/** The least that a server does, so that what is measured is the program. */
export const SERVER = join(root, 'bench', 'connections', 'servers', 'stdio.mjs');

/** All of them, over the configuration at `config`, which names one server, `s`. */
export function programs(config: string): readonly Program[] {
  const inspector = [INSPECTOR, '--cli', process.execPath, SERVER];
  return [
    { name: 'node', commands: { help: ['-e', 'console.log("help")'] } },
    {
      name: 'patchbay',
      commands: {
        help: [PATCHBAY, '--help'],
        list: [PATCHBAY, 'tools', '--json', '--config', config],
        call: [PATCHBAY, 'call', 's.echo', 'text=hello', '--config', config],
      },
    },
    {
      name: 'mcporter',
      commands: {
        help: [MCPORTER, '--help'],
        list: [MCPORTER, '--config', config, 'list', 's', '--json'],
        call: [MCPORTER, '--config', config, 'call', 's.echo', 'text=hello'],
      },
    },
    {
      name: 'inspector',
      commands: {
        help: [INSPECTOR, '--cli', '--help'],
        list: [...inspector, '--method', 'tools/list'],
        call: [...inspector, '--method', 'tools/call', '--tool-name', 'echo', '--tool-arg', 'text=hello'],
      },
    },
  ];
}
