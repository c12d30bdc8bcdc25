import manifest from '../package.json' with { type: 'json' };
import type { CliArguments } from './arguments.ts';
import { readArguments, USAGE } from './arguments.ts';
import { askCommand } from './commands/ask.ts';
import { callCommand } from './commands/call.ts';
import { chatCommand } from './commands/chat.ts';
import { loginCommand } from './commands/login.ts';
import { logoutCommand } from './commands/logout.ts';
import { serverImportCommand } from './commands/server-import.ts';
import { serversCommand } from './commands/servers.ts';
import { toolsCommand } from './commands/tools.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { describeError, renderError } from './render/error.ts';
import { styleFor } from './render/style.ts';
import type { Terminal } from './terminal.ts';
import { line, lineOfJson } from './terminal.ts';

/** Runs one command line to its exit code. Whatever goes wrong is said on stderr, or as JSON where that was asked for. */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await runCommand(readArguments(argv), terminal);
  } catch (error) {
    return reportError(error, argv, terminal);
  }
}

/** Says what went wrong on stderr, and as JSON on stdout where `argv` asks for JSON. Returns the exit code. */
export function reportError(error: unknown, argv: readonly string[], terminal: Terminal): number {
  const { stdout, stderr, interrupted } = terminal;
  if (interrupted.aborted) {
    line(stderr, 'cancelled');
    return EXIT.interrupted;
  }
  line(stderr, renderError(error, styleFor(stderr)));
  if (argv.includes('--stream-json')) lineOfJson(stdout, { type: 'error', error: describeError(error) });
  else if (argv.includes('--json')) lineOfJson(stdout, { error: describeError(error) });
  return exitCodeOf(error);
}

function runCommand(args: CliArguments, terminal: Terminal): Promise<number> | number {
  switch (args.command) {
    case 'help':
      line(terminal.stdout, USAGE);
      return EXIT.ok;
    case 'version':
      line(terminal.stdout, manifest.version);
      return EXIT.ok;
    case 'ask':
      return askCommand(args, terminal);
    case 'chat':
      return chatCommand(args, terminal);
    case 'tools':
      return toolsCommand(args, terminal);
    case 'servers':
      return serversCommand(args, terminal);
    case 'call':
      return callCommand(args, terminal);
    case 'login':
      return loginCommand(args, terminal);
    case 'logout':
      return logoutCommand(args, terminal);
    case 'server':
      return serverImportCommand(args, terminal);
    default:
      return args.command satisfies never;
  }
}
