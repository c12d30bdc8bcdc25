import type { Terminal } from '../terminal.ts';
import type { CliArguments } from './arguments.ts';

type RunCommand = (args: CliArguments, terminal: Terminal) => Promise<number>;

export interface Command {
  /** What stands behind `patchbay`. */
  readonly usage: string;
  readonly help: string;
  /** How many words it takes behind its name. */
  readonly words?: { readonly min: number; readonly max: number };
  /** Whether it says nothing before servers or a model have answered. */
  readonly isWaiting?: true;
  /** Loads what runs it: a command pays for itself alone. */
  load(): Promise<RunCommand>;
}

const ANY = { min: 0, max: Infinity };
const ONE = { min: 1, max: 1 };
const ONE_OR_NONE = { min: 0, max: 1 };

/** Every command by its name, of one word or two, in the order of the help. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  chat: {
    usage: '[chat]',
    help: 'chat in the terminal',
    load: async () => (await import('../commands/chat.ts')).chatCommand,
  },
  ask: {
    usage: '-p "<request>"',
    help: 'one request; the answer alone goes to stdout',
    isWaiting: true,
    load: async () => (await import('../commands/ask.ts')).askCommand,
  },
  servers: {
    usage: 'servers',
    help: 'start all servers and say how each is',
    isWaiting: true,
    load: async () => (await import('../commands/servers.ts')).serversCommand,
  },
  tools: {
    usage: 'tools',
    help: 'list the tools of all servers',
    isWaiting: true,
    load: async () => (await import('../commands/tools.ts')).toolsCommand,
  },
  call: {
    usage: 'call <server>.<tool> key=value…',
    help: 'call one tool, without a model',
    isWaiting: true,
    words: ANY,
    load: async () => (await import('../commands/call.ts')).callCommand,
  },
  prompts: {
    usage: 'prompts [<server>.<prompt> key=value…]',
    help: 'list the prompts of all servers; print one',
    isWaiting: true,
    words: ANY,
    load: async () => (await import('../commands/prompts.ts')).promptsCommand,
  },
  resources: {
    usage: 'resources [<server>:<uri>]',
    help: 'list what servers offer to read; print one',
    isWaiting: true,
    words: ONE_OR_NONE,
    load: async () => (await import('../commands/resources.ts')).resourcesCommand,
  },
  doctor: {
    usage: 'doctor',
    help: 'find out what is wrong, and what to do about it',
    isWaiting: true,
    load: async () => (await import('../commands/doctor.ts')).doctorCommand,
  },
  init: {
    usage: 'init',
    help: 'write a first configuration',
    load: async () => (await import('../commands/init.ts')).initCommand,
  },
  'server add': {
    usage: 'server add <name> -- <command…> | --url <url>',
    help: 'add a server to the configuration',
    words: { min: 1, max: Infinity },
    load: async () => (await import('../commands/server-add.ts')).serverAddCommand,
  },
  'server list': {
    usage: 'server list',
    help: 'the servers of the configuration, without starting them',
    load: async () => (await import('../commands/server-list.ts')).serverListCommand,
  },
  'server get': {
    usage: 'server get <name>',
    help: 'one server of the configuration',
    words: ONE,
    load: async () => (await import('../commands/server-list.ts')).serverGetCommand,
  },
  'server remove': {
    usage: 'server remove <name>',
    help: 'take a server out of the configuration',
    words: ONE,
    load: async () => (await import('../commands/server-remove.ts')).serverRemoveCommand,
  },
  'server test': {
    usage: 'server test <name>',
    help: 'start one server and examine it',
    isWaiting: true,
    words: ONE,
    load: async () => (await import('../commands/doctor.ts')).serverTestCommand,
  },
  'server import': {
    usage: 'server import',
    help: 'take over the servers of other programs',
    load: async () => (await import('../commands/server-import.ts')).serverImportCommand,
  },
  login: {
    usage: 'login <server>',
    help: 'sign in to a server that wants it, in a browser on this machine',
    words: ONE,
    load: async () => (await import('../commands/login.ts')).loginCommand,
  },
  logout: {
    usage: 'logout <server>',
    help: 'forget that',
    words: ONE,
    load: async () => (await import('../commands/logout.ts')).logoutCommand,
  },
  completion: {
    usage: 'completion <bash|zsh|fish>',
    help: 'print completions for a shell',
    words: ONE,
    load: async () => (await import('../commands/completion.ts')).completionCommand,
  },
};
