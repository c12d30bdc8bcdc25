import { printable } from '@patchbay/core';
import { didYouMean } from '../closest.ts';
import { twoColumns } from '../render/width.ts';
import type { ChatContext, SlashCommands } from './commands/command.ts';
import { examine } from './commands/doctor.ts';
import { CONVERSATION_COMMANDS } from './commands/conversation.ts';
import { LIBRARY_COMMANDS } from './commands/library.ts';
import { REQUEST_COMMANDS } from './commands/request.ts';
import { editRequest } from './commands/edit.ts';
import { SERVER_COMMANDS } from './commands/servers.ts';
import { runPrompt } from './run-prompt.ts';

export const SLASH_COMMANDS: SlashCommands = {
  '/help': { usage: '/help', description: 'these commands, and the keys', run: showHelp },
  ...SERVER_COMMANDS,
  ...REQUEST_COMMANDS,
  ...LIBRARY_COMMANDS,
  ...CONVERSATION_COMMANDS,
  '/doctor': { usage: '/doctor', description: 'what is wrong, and what to do about it', run: examine },
  '/edit': { usage: '/edit [text]', description: 'write the request in $EDITOR', run: editRequest },
  '/quit': { usage: '/quit', description: 'end; so does Ctrl-D', run: () => undefined },
};

const KEYS = [
  ['Ctrl-C', 'cancel the request; at the prompt, twice: quit'],
  ['Ctrl-R', 'search what was typed before'],
  ['Tab', 'complete a command, a server, a tool, a resource'],
  ['Ctrl-J, \\', 'begin a new line without sending'],
  [
    'Space, /',
    'a space in front sends what begins with / as a request; a path such as /etc/hosts needs none',
  ],
  ['@server:uri', 'send a resource along; /server:prompt uses a prompt of a server'],
] as const;

/** Runs `/command argument`. */
export async function runSlashCommand(text: string, context: ChatContext): Promise<void> {
  const [, name = '', argument = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const { screen } = context;
  const command = SLASH_COMMANDS[name];
  if (command) return command.run(context, argument.trim());
  if (name.includes(':')) return runPrompt(name.slice(1), argument, context);
  const hint = didYouMean(name, Object.keys(SLASH_COMMANDS));
  return screen.say(
    `Unknown command ${printable(name)}${hint || '.'} /help lists them; with a space in front it is a request.`,
  );
}

function showHelp({ screen }: ChatContext): void {
  const commands = Object.values(SLASH_COMMANDS).map(
    ({ usage, description }) => [usage, description] as const,
  );
  const { columns } = screen.style;
  for (const text of [...twoColumns(commands, columns), '', ...twoColumns(KEYS, columns)]) screen.line(text);
}
