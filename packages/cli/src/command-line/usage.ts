import type { Command } from './commands.ts';
import { COMMANDS } from './commands.ts';
import { twoColumns } from '../render/width.ts';
import { describeOption, OPTIONS } from './options.ts';

/** What `--help` prints. */
export function usage(columns: number): string {
  const commands = Object.values(COMMANDS).map(
    ({ usage: words, help }) => [`patchbay ${words}`, help] as const,
  );
  const options = Object.entries(OPTIONS).map(
    ([name, option]) => [describeOption(name, option), option.help] as const,
  );
  return [
    'patchbay: a chat over many MCP servers at once',
    '',
    'Usage:',
    ...twoColumns(commands, columns),
    '',
    'Options:',
    ...twoColumns(options, columns),
    '',
    'Settings are read from the environment and from .env in the current folder.',
    'Exit codes: 0 ok, 1 other, 2 usage or configuration, 3 key, 4 unreachable, 5 tool error, 6 a limit, 130 Ctrl-C, 141 whoever read the output is gone.',
  ].join('\n');
}

/** What `--help` prints behind a command. */
export function commandUsage({ usage: words, help }: Command): string {
  return `patchbay ${words}\n\n  ${help}\n\nAll options: patchbay --help`;
}
