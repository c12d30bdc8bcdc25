import { resolve } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import type { CliArguments } from './command-line/arguments.ts';
import { readArguments } from './command-line/arguments.ts';
import { COMMANDS } from './command-line/commands.ts';
import { commandUsage, usage } from './command-line/usage.ts';
import { EXIT } from './exit-code.ts';
import { styleFor } from './render/style.ts';
import type { Terminal } from './terminal.ts';
import { line } from './terminal.ts';
import { showWaiting } from './waiting-line.ts';

/** Runs one command line to its exit code. Whatever goes wrong is said on stderr, or as JSON where that was asked for. */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  let surroundings = terminal;
  try {
    const args = readArguments(argv);
    surroundings = await furnish(args, argv, terminal);
    return await runCommand(args, surroundings);
  } catch (error) {
    // What names errors stands on all of core, which neither help nor a version needs.
    const { reportError } = await import('./report-error.ts');
    return reportError(error, argv, surroundings);
  }
}

/** The terminal with what the command line says of where things are kept. */
async function furnish(
  { dataDir, isDebugging }: CliArguments,
  argv: readonly string[],
  terminal: Terminal,
): Promise<Terminal> {
  let furnished = terminal;
  if (dataDir !== undefined) {
    const { keptIn } = await import('./folders.ts');
    furnished = { ...furnished, env: keptIn(resolve(terminal.cwd, dataDir), terminal.env) };
  }
  if (!isDebugging) return furnished;
  const { openDebugLog } = await import('./debug-log.ts');
  return { ...furnished, debugLog: await openDebugLog(argv, furnished) };
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
  if (!command.isWaiting) return (await command.load())(args, terminal);
  using waiting = showWaiting(terminal, args.display);
  const run = await command.load();
  return await run(args, waiting);
}
