import { basename, resolve } from 'node:path';
import type { McpServerEntry } from '@patchbay/core/config';
import { mergeServers, parseConfig, removeServer } from '@patchbay/core/config';
import type { CliArguments } from '../command-line/arguments.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { findConfigFile, writeConfigFile } from '../config-file.ts';
import { readIfThere } from '../read-if-there.ts';
import { EXIT } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { line } from '../terminal.ts';

/** `patchbay server add math -- node math.js`: adds it to the configuration, which keeps all else as it is written. */
export async function serverAddCommand(args: CliArguments, { cwd, stdout }: Terminal): Promise<number> {
  const [name = '', ...command] = args.rest;
  const entry = toEntry(args, command);
  const path = findConfigFile(args.config, cwd) ?? resolve(cwd, 'mcp.json');
  const source = basename(path);
  const before = (await readIfThere(path)) ?? '';
  const without = args.isForced && before !== '' ? removeServer(before, source, name) : undefined;
  const merged = mergeServers(without ?? before, source, [{ name, entry, place: 'the command line' }]);
  // What cannot be read afterwards must not be written.
  parseConfig(merged.text, { source, folder: cwd, env: {} });
  if (args.isDryRun) line(stdout, merged.text.trimEnd());
  else if (merged.text !== before) await writeConfigFile(path, merged.text);
  const isThere = merged.present.includes(name);
  if (!args.isDryRun)
    line(
      stdout,
      isThere
        ? `${source} has it already.`
        : `Added ${name} to ${source}. Try it: patchbay server test ${name}`,
    );
  return EXIT.ok;
}

function toEntry({ url, env }: CliArguments, command: readonly string[]): McpServerEntry {
  const [program, ...words] = command;
  if (url !== undefined && program !== undefined)
    throw new UsageError('--url and a command do not go together');
  if (url !== undefined && !/^https?:\/\/.|\$\{/.test(url))
    throw new UsageError(`--url is an address of the web, https://… or http://…, not "${url}"`);
  if (url !== undefined) return { url };
  if (program === undefined)
    throw new UsageError('Give a command behind --, or --url: server add math -- node math.js');
  const variables = Object.fromEntries(env.map(readVariable));
  return { command: program, args: words, ...(env.length > 0 ? { env: variables } : {}) };
}

function readVariable(pair: string): [string, string] {
  const equals = pair.indexOf('=');
  if (equals < 1) throw new UsageError(`--env is name=value, not "${pair}"`);
  return [pair.slice(0, equals), pair.slice(equals + 1)];
}
