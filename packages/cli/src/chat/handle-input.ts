import { attachResource, mentionedResources } from './attachments.ts';
import type { ChatContext } from './commands/command.ts';
import { runSlashCommand } from './slash-commands.ts';

export function isFarewell(text: string): boolean {
  return text === '/quit' || text === '/exit';
}

/** Runs a command, or answers a request with the resources that it mentions. */
export async function handleInput(text: string, context: ChatContext): Promise<void> {
  if (text === '') return;
  const { conversation, screen, signal } = context;
  if (text.startsWith('/')) return runSlashCommand(text, context);
  const { host } = conversation.session;
  const servers = host.servers().map(({ server }) => server);
  for (const mention of mentionedResources(text, servers)) {
    conversation.attach(await attachResource(host, mention, signal));
  }
  await conversation.answer(text, screen, signal);
}
