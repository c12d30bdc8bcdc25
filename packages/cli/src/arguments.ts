import { parseArgs } from 'node:util';
import { errorMessage } from '@patchbay/core';

/** The command line, checked. */
export interface CliArguments {
  readonly command:
    | 'chat'
    | 'ask'
    | 'tools'
    | 'servers'
    | 'call'
    | 'login'
    | 'logout'
    | 'server'
    | 'help'
    | 'version';
  /** What stands behind the command. */
  readonly rest: readonly string[];
  readonly prompt: string;
  readonly config: string | undefined;
  /** Script paths that are used as servers, beside or instead of a configuration. */
  readonly scripts: readonly string[];
  readonly model: string | undefined;
  readonly output: 'text' | 'json' | 'stream-json';
  readonly maxTurns: number | undefined;
  /** `server` or `server/tool`: what may run without asking. */
  readonly allow: readonly string[];
  readonly isAllAllowed: boolean;
  /** The model hands requests to one server at a time, which runs as long as that takes. */
  readonly isDelegating: boolean;
  /** The model may ask how the servers are. */
  readonly isTellingHealth: boolean;
  /** `server import`: a program, or a file of one. */
  readonly from: readonly string[];
  readonly isWriting: boolean;
  /** Arguments of `call` as one JSON object. */
  readonly json: string | undefined;
}

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `patchbay: a chat over many MCP servers at once

Usage:
  patchbay [options]                        chat in the terminal
  patchbay -p "<request>" [options]         one request; the answer alone goes to stdout
  patchbay tools [options]                  list the tools of all servers
  patchbay servers [options]                start all servers and say how each is
  patchbay call <server>.<tool> key=value…  call one tool, without a model
  patchbay server import [options]          take over the servers of other programs
  patchbay login <server>                   sign in to a server that wants it, in a browser on this machine
  patchbay logout <server>                  forget that

Options:
  --config <file>        MCP servers, in the "mcpServers" shape (default: mcp.json, then .mcp.json)
  --server <script>      use a .py, .js or .ts script, or a command, as a server; may be repeated
  --model <name>         provider/model, or offline (default: PATCHBAY_MODEL, else the key that is set)
  --allow <server/tool>  let a tool, or all of a server, run without asking; may be repeated
  --yes                  let every tool run without asking
  --delegate             the model picks a server by name and hands a request on; servers run only meanwhile
  --server-health        the model may ask how the servers are
  --max-turns <n>        model turns with tool calls in one request (default 8)
  --args <json>          arguments of call as one JSON object
  --from <host|file>     import from claude-code, claude-desktop, codex, cursor, vscode, windsurf, or a file of theirs
  --write                import into the configuration, instead of printing
  --json                 one JSON object on stdout
  --stream-json          with -p: one JSON event a line on stdout
  --version, --help

Settings are read from the environment and from .env in the current folder.
Exit codes: 0 ok, 1 other, 2 usage or configuration, 3 key, 4 unreachable, 5 tool error, 6 turn limit, 130 Ctrl-C.`;

const COMMANDS = ['tools', 'servers', 'call', 'server', 'login', 'logout', 'chat'] as const;

/** Those that something stands behind. */
const TAKING_MORE: readonly string[] = ['call', 'server', 'login', 'logout'];

/** @throws {UsageError} */
export function readArguments(argv: readonly string[]): CliArguments {
  const { values, positionals } = parse(argv);
  const named = chooseNamed(positionals);
  const { prompt = '', config, server: scripts = [], model, args: json, allow = [] } = values;
  const maxTurns = values['max-turns'] === undefined ? undefined : positiveInteger(values['max-turns']);
  const command = chooseCommand(values, named);
  return {
    command,
    rest: positionals.slice(1),
    prompt,
    config,
    scripts,
    model,
    output: chooseOutput(values),
    maxTurns,
    allow,
    isAllAllowed: values.yes === true,
    isDelegating: values.delegate === true,
    isTellingHealth: values['server-health'] === true,
    json,
    from: values.from ?? [],
    isWriting: values.write === true,
  };
}

function chooseNamed([word, ...rest]: readonly string[]): CliArguments['command'] | undefined {
  if (word === undefined) return undefined;
  const named = COMMANDS.find((command) => command === word);
  if (named === undefined) {
    const request = [word, ...rest].join(' ');
    throw new UsageError(`Unknown command "${word}". To send a request, write: patchbay -p "${request}"`);
  }
  if (named === 'server' && rest.join(' ') !== 'import')
    throw new UsageError('server goes with import: patchbay server import');
  if ((named === 'login' || named === 'logout') && rest.length !== 1)
    throw new UsageError(`${named} needs the name of one server: patchbay ${named} <server>`);
  if (!TAKING_MORE.includes(named) && rest.length > 0)
    throw new UsageError(`${named} takes no "${rest.join(' ')}"`);
  return named;
}

function chooseOutput(values: {
  json?: boolean;
  'stream-json'?: boolean;
  prompt?: string;
}): CliArguments['output'] {
  if (!values['stream-json']) return values.json ? 'json' : 'text';
  if (values.prompt === undefined) throw new UsageError('--stream-json goes with -p');
  return 'stream-json';
}

function chooseCommand(
  values: { help?: boolean; version?: boolean; prompt?: string },
  named: CliArguments['command'] | undefined,
): CliArguments['command'] {
  if (values.help) return 'help';
  if (values.version) return 'version';
  if (values.prompt === undefined) return named ?? 'chat';
  if (values.prompt.trim() === '') throw new UsageError('-p needs a request: patchbay -p "…"');
  if (named !== undefined && named !== 'chat') throw new UsageError(`-p and "${named}" do not go together`);
  return 'ask';
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        allow: { type: 'string', multiple: true },
        args: { type: 'string' },
        config: { type: 'string' },
        delegate: { type: 'boolean' },
        from: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
        json: { type: 'boolean' },
        'max-turns': { type: 'string' },
        model: { type: 'string' },
        prompt: { type: 'string', short: 'p' },
        server: { type: 'string', multiple: true },
        'server-health': { type: 'boolean' },
        'stream-json': { type: 'boolean' },
        version: { type: 'boolean' },
        write: { type: 'boolean' },
        yes: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(errorMessage(error), { cause: error });
  }
}

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new UsageError(`--max-turns is a number from 1 to 9999, not "${text}"`);
  return Number(text);
}
