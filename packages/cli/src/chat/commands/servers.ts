import type { ServerChanges } from '@patchbay/core';
import { printable } from '@patchbay/core';
import { didYouMean } from '../../closest.ts';
import { nameWidth, renderReadiness, renderServer } from '../../render/startup.ts';
import { renderTool } from '../../render/tool.ts';
import { untilAborted } from '../../until-aborted.ts';
import type { Conversation } from '../conversation.ts';
import type { ChatContext, SlashCommands } from './command.ts';

export const SERVER_COMMANDS: SlashCommands = {
  '/tools': {
    usage: '/tools [server]',
    description: 'the tools there are',
    run: showTools,
    complete: serverNames,
  },
  '/servers': {
    usage: '/servers [server]',
    description: 'how every server is',
    run: showServers,
    complete: serverNames,
  },
  '/reconnect': {
    usage: '/reconnect [server]',
    description: 'read the configuration again; start a server anew, or all that are down',
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
  if (server === '') return screen.say('There are no tools.');
  const status = conversation.session.host.servers().find((each) => each.server === server);
  if (!status) return screen.say(noServer(server, conversation));
  screen.line(renderServer(status, nameWidth([status]), screen.style));
}

/** That no server is named so, with those that may have been meant, or else all. */
export function noServer(name: string, conversation: Conversation): string {
  const names = serverNames(conversation);
  const hint = didYouMean(name, names) || `. There are: ${names.join(', ') || 'none'}.`;
  return `There is no server "${printable(name)}"${hint}`;
}

function showServers({ conversation, screen }: ChatContext, wanted: string): void {
  const { session } = conversation;
  const servers = session.host.servers().filter(({ server }) => wanted === '' || server === wanted);
  if (wanted !== '' && servers.length === 0) return screen.say(noServer(wanted, conversation));
  for (const status of servers) screen.line(renderServer(status, nameWidth(servers), screen.style));
  if (wanted === '') screen.say(renderReadiness(servers, session.config.source));
  return undefined;
}

async function reconnect(context: ChatContext, wanted: string): Promise<void> {
  const { conversation, screen, watch, signal } = context;
  const { session } = conversation;
  const { host } = session;
  const changes = await session.reload();
  const described = describeChanges(changes);
  if (described !== '') screen.say(`${session.config.source} has changed. ${described}`);
  const begun = [...changes.added, ...changes.changed];
  const restarting = host
    .servers()
    .filter(({ server, state }) => (wanted === '' ? state.kind === 'down' : server === wanted))
    .flatMap(({ server }) => (begun.includes(server) ? [] : [server]));
  const settle = async (): Promise<void> => {
    const restarted = Promise.all(restarting.map((name) => host.restart(name)));
    for await (const status of host.start(begun)) if (!signal.aborted) watch.tell(status);
    for (const status of await restarted) if (!signal.aborted) watch.tell(status);
  };
  // Whoever does not want to wait leaves them starting.
  await untilAborted(settle(), signal);
  if (wanted === '' && described === '' && restarting.length === 0) screen.say('No server is down.');
  if (wanted !== '' && !serverNames(conversation).includes(wanted))
    screen.say(noServer(wanted, conversation));
}

function describeChanges({ added, changed, removed }: ServerChanges): string {
  const kinds = Object.entries({ New: added, Changed: changed, Gone: removed });
  return kinds
    .flatMap(([kind, names]) => (names.length > 0 ? [`${kind}: ${printable(names.join(', '))}.`] : []))
    .join(' ');
}
