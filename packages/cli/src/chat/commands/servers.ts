import { printable } from '@patchbay/core';
import { didYouMean } from '../../closest.ts';
import { nameWidth, renderReadiness, renderServer } from '../../render/startup.ts';
import { renderTool } from '../../render/tool.ts';
import type { Conversation } from '../conversation.ts';
import type { ChatContext, SlashCommands } from './command.ts';

export const SERVER_COMMANDS: SlashCommands = {
  '/tools': {
    usage: '/tools [server]',
    description: 'the tools there are',
    run: showTools,
    complete: serverNames,
  },
  '/servers': { usage: '/servers', description: 'how every server is', run: showServers },
  '/reconnect': {
    usage: '/reconnect [server]',
    description: 'start a server anew; all that are down',
    run: reconnect,
    complete: serverNames,
  },
};

export function serverNames({ session }: Conversation): readonly string[] {
  return session.host.servers().map(({ server }) => server);
}

function showTools({ conversation, screen }: ChatContext, server: string): void {
  const tools = conversation.session.host.tools
    .listTools()
    .filter((tool) => server === '' || tool.server === server);
  for (const tool of tools) screen.line(`  ${renderTool(tool, screen.style)}`);
  if (tools.length > 0) return;
  if (server === '') return screen.line('There are no tools.');
  screen.line(`No tools of "${printable(server)}"${didYouMean(server, serverNames(conversation)) || '.'}`);
}

function showServers({ conversation: { session }, screen }: ChatContext): void {
  const servers = session.host.servers();
  for (const status of servers) screen.line(renderServer(status, nameWidth(servers), screen.style));
  screen.line(renderReadiness(servers, session.config.source));
}

async function reconnect(
  { conversation: { session }, screen, watch }: ChatContext,
  server: string,
): Promise<void> {
  const down = session.host
    .servers()
    .flatMap(({ server: name, state }) => (state.kind === 'down' ? [name] : []));
  const names = server === '' ? down : [server];
  if (names.length === 0) return screen.line('No server is down.');
  const restarted = await Promise.all(names.map((name) => session.host.restart(name)));
  for (const status of restarted) watch.tell(status);
}
