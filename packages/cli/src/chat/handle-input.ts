import { attachResource, mentionedResources } from './attachments.ts';
import type { ChatContext } from './commands/command.ts';
import { runSlashCommand } from './slash-commands.ts';
import { tellError } from './tell-error.ts';

export function isFarewell(text: string): boolean {
  return /^\/(quit|exit)(\s|$)/.test(text);
}

/** Runs a command, or answers a request with the resources that it mentions. What goes wrong is told, and ends nothing. */
export async function handleInput(text: string, context: ChatContext): Promise<void> {
  if (text === '') return;
  const { screen, signal } = context;
  try {
    if (text.startsWith('/')) await runSlashCommand(text, context);
    else await answer(text, context);
  } catch (error) {
    if (signal.aborted) screen.line(`${screen.style.signs.stopped} cancelled`);
    else tellError(error, screen);
  }
}

async function answer(text: string, { conversation, screen, signal }: ChatContext): Promise<void> {
  const { host } = conversation.session;
  const servers = host.servers().map(({ server }) => server);
  for (const mention of mentionedResources(text, servers)) {
    conversation.attach(await attachResource(host, mention, signal));
  }
  await conversation.answer(text, screen, signal);
}
