import { attachResource, mentionedResources } from './attachments.ts';
import type { ChatContext } from './commands/command.ts';
import { serverNames } from './commands/servers.ts';
import { runSlashCommand } from './slash-commands.ts';
import { tellError } from './tell-error.ts';

export function isFarewell(text: string): boolean {
  return /^\/(quit|exit)(\s|$)/.test(text);
}

/**
 * Runs a command, or answers a request with the resources that it mentions. A space in front makes a request of what would
 * be a command. What goes wrong is told, and ends nothing.
 */
export async function handleInput(text: string, context: ChatContext): Promise<void> {
  if (text.trim() === '') return;
  const { screen, signal } = context;
  try {
    if (isCommand(text, serverNames(context.conversation))) await runSlashCommand(text.trimEnd(), context);
    else await answer(text.trim(), context);
  } catch (error) {
    if (signal.aborted) screen.line(`${screen.style.signs.stopped} cancelled`);
    else tellError(error, screen);
  }
}

/** `/name`, or `/server:prompt` of a server there is. What holds another slash, as `/etc/hosts` does, is a path. */
function isCommand(text: string, servers: readonly string[]): boolean {
  const [name] = text.split(/\s/, 1);
  if (name === undefined || !name.startsWith('/')) return false;
  return !name.includes('/', 1) || servers.some((server) => name.startsWith(`/${server}:`));
}

async function answer(text: string, { conversation, screen, signal }: ChatContext): Promise<void> {
  const { host } = conversation.session;
  for (const mention of mentionedResources(text, serverNames(conversation))) {
    conversation.attach(await attachResource(host, mention, signal));
  }
  await conversation.answer(text, screen, signal);
}
