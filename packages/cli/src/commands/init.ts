import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { PatchbayError } from '@patchbay/core';
import type { CliArguments } from '../command-line/arguments.ts';
import { writeConfigFile } from '../config-file.ts';
import { EXIT } from '../exit-code.ts';
import { exampleConfig, SERVERS } from '../init/example-config.ts';
import type { Terminal } from '../terminal.ts';
import { isInteractive, line } from '../terminal.ts';

/**
 * `patchbay init`: asks which servers to begin with and writes an `mcp.json`; without a terminal, an example of all of
 * them with comments. Never over a file that is there, unless `--force` says so.
 */
export async function initCommand(args: CliArguments, terminal: Terminal): Promise<number> {
  const path = resolve(terminal.cwd, args.config ?? 'mcp.json');
  if (existsSync(path) && !args.isForced) {
    throw new PatchbayError('CONFIG_INVALID', `${path} is there already`, {
      hint: 'patchbay server add adds to it; --force replaces it.',
    });
  }
  const chosen = isInteractive(terminal) ? await choose() : SERVERS.map(({ name }) => name);
  if (!chosen) {
    line(terminal.stderr, 'Nothing was written.');
    return EXIT.interrupted;
  }
  await writeConfigFile(path, exampleConfig(chosen));
  line(terminal.stdout, `Wrote ${path} with ${chosen.join(', ') || 'no servers'}.`);
  line(
    terminal.stdout,
    'Next: patchbay doctor, then patchbay. For a model, put OPENAI_API_KEY=… or ANTHROPIC_API_KEY=… into .env.',
  );
  return EXIT.ok;
}

async function choose(): Promise<readonly string[] | undefined> {
  const { intro, isCancel, multiselect } = await import('@clack/prompts');
  intro('Which servers shall be there? Each runs on this machine with npx.');
  const chosen = await multiselect({
    message: 'Space chooses, Enter goes on',
    options: SERVERS.map(({ name, about }) => ({ value: name, label: name, hint: about })),
    initialValues: ['math', 'notes', 'sql'],
    required: false,
  });
  return isCancel(chosen) ? undefined : chosen;
}
