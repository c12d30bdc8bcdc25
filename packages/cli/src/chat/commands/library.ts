import type { Listing, PromptDefinition, ResourceDefinition } from '@patchbay/core';
import { printable } from '@patchbay/core';
import { attachFile, attachResource } from '../attachments.ts';
import type { Conversation } from '../conversation.ts';
import { noServer, serverNames } from './servers.ts';
import type { ChatContext, SlashCommands } from './command.ts';

export const LIBRARY_COMMANDS: SlashCommands = {
  '/prompts': { usage: '/prompts [server]', description: 'the prompts of servers', run: showPrompts },
  '/resources': {
    usage: '/resources [server]',
    description: 'what servers offer to read',
    run: showResources,
  },
  '/attach': {
    usage: '/attach <file | server:uri>',
    description: 'send a file or a resource with the next request',
    run: attach,
    complete: resourceNames,
  },
};

/** Every resource of the servers that run, as `server:uri`. */
export async function resourceNames(
  { session }: Conversation,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { items } = await session.host.library.listResources(signal);
  return items.map(({ server, uri }) => `${server}:${uri}`);
}

async function showPrompts({ conversation, screen, signal }: ChatContext, server: string): Promise<void> {
  if (isUnknown(server, conversation)) return screen.say(noServer(server, conversation));
  const listing = await conversation.session.host.library.listPrompts(signal);
  showListing({ screen }, listing, (prompt) => {
    if (server !== '' && prompt.server !== server) return undefined;
    return `${screen.style.strong(promptUsage(prompt))}  ${screen.style.dim(printable(prompt.description ?? ''))}`;
  });
}

function isUnknown(server: string, conversation: Conversation): boolean {
  return server !== '' && !serverNames(conversation).includes(server);
}

/** `/sql:analyse table=… [limit=…]` */
export function promptUsage({ server, prompt, arguments: args }: PromptDefinition): string {
  const words = args.map(({ name, isRequired }) => (isRequired ? `${name}=…` : `[${name}=…]`));
  return printable([`/${server}:${prompt}`, ...words].join(' '));
}

async function showResources({ conversation, screen, signal }: ChatContext, server: string): Promise<void> {
  if (isUnknown(server, conversation)) return screen.say(noServer(server, conversation));
  const { library } = conversation.session.host;
  const listing = await library.listResources(signal);
  showListing({ screen }, listing, (resource: ResourceDefinition) => {
    if (server !== '' && resource.server !== server) return undefined;
    const { server: owner, uri, name, description = '' } = resource;
    return `${screen.style.strong(printable(`@${owner}:${uri}`))}  ${screen.style.dim(printable(description || name))}`;
  });
  const { items: templates } = await library.listResourceTemplates(signal);
  for (const { server: owner, uriTemplate, description = '' } of templates) {
    if (server !== '' && owner !== server) continue;
    screen.say(`  ${printable(`@${owner}:${uriTemplate}`)}  ${screen.style.dim(printable(description))}`);
  }
}

function showListing<T>(
  { screen }: Pick<ChatContext, 'screen'>,
  { items, failures }: Listing<T>,
  render: (item: T) => string | undefined,
): void {
  const lines = items.flatMap((item) => render(item) ?? []);
  for (const text of lines) screen.say(`  ${text}`);
  if (lines.length === 0) screen.say('There are none.');
  for (const { server, reason } of failures) screen.say(`  ${server} could not be asked: ${reason}`);
}

async function attach({ conversation, screen, signal, terminal }: ChatContext, name: string): Promise<void> {
  if (name === '') return screen.say('Name a file, or a resource as <server>:<uri>; /resources lists them.');
  const colon = name.indexOf(':');
  const server = name.slice(0, Math.max(0, colon));
  const isResource = serverNames(conversation).includes(server);
  const parts = isResource
    ? await attachResource(conversation.session.host, { server, uri: name.slice(colon + 1) }, signal)
    : await attachFile(name, terminal.cwd);
  conversation.attach(parts);
  return screen.say(`${printable(name)} goes with your next request.`);
}
