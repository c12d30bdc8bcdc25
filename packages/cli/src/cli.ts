import manifest from '../package.json' with { type: 'json' };
import type { CliArguments } from './command-line/arguments.ts';
import { readArguments } from './command-line/arguments.ts';
import { COMMANDS } from './command-line/commands.ts';
import { commandUsage, usage } from './command-line/usage.ts';
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
  const display = argv.includes('--screen-reader') ? 'words' : 'drawn';
  line(stderr, renderError(error, styleFor(stderr, display)));
  if (argv.includes('--stream-json')) lineOfJson(stdout, { type: 'error', error: describeError(error) });
  else if (argv.includes('--json')) lineOfJson(stdout, { error: describeError(error) });
  return exitCodeOf(error);
}

async function runCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  const command = COMMANDS[args.command];
  if (args.wants === 'version') {
    line(terminal.stdout, manifest.version);
    return EXIT.ok;
  }
  if (!command || args.wants === 'help') {
    line(
      terminal.stdout,
      command && args.command !== 'chat' ? commandUsage(command) : usage(styleFor(terminal.stdout).columns),
    );
    return EXIT.ok;
  }
  const run = await command.load();
  return run(args, terminal);
}
