import { basename } from 'node:path';
import { PatchbayError } from '@patchbay/core';
import { parseConfig, removeServer } from '@patchbay/core/config';
import { didYouMean } from '../closest.ts';
import type { CliArguments } from '../command-line/arguments.ts';
import { findConfigFile, readConfigFile, writeConfigFile } from '../config-file.ts';
import { EXIT } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { line } from '../terminal.ts';

/** `patchbay server remove math`: takes it out of the configuration, which keeps all else as it is written. */
export async function serverRemoveCommand(args: CliArguments, { cwd, stdout }: Terminal): Promise<number> {
  const [name = ''] = args.rest;
  const path = findConfigFile(args.config, cwd);
  const text = await readConfigFile(path, cwd);
  const source = basename(path ?? '');
  const without = removeServer(text, source, name);
  if (path === undefined || without === undefined) {
    const names = parseConfig(text, { source, folder: cwd, env: {} }).servers.map((server) => server.name);
    throw new PatchbayError(
      'SERVER_UNAVAILABLE',
      `${source} has no server "${name}"${didYouMean(name, names)}`,
      {
        hint: `It has: ${names.join(', ') || 'none'}.`,
      },
    );
  }
  if (args.isDryRun) line(stdout, without.trimEnd());
  else {
    await writeConfigFile(path, without);
    line(stdout, `Removed ${name} from ${source}.`);
  }
  return EXIT.ok;
}
