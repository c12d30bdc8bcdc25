import manifest from '../../package.json' with { type: 'json' };
import { findLocalServers } from '@patchbay/core';
import {
  nameWidth,
  renderBanner,
  renderLocalServer,
  renderReadiness,
  renderServer,
} from '../render/startup.ts';
import type { Session } from '../session.ts';
import { startServers } from '../startup.ts';
import { Conversation } from './conversation.ts';
import type { Screen } from './screen.ts';

/** The prompt opens when all servers have settled, or after this long: a slow one says so when it is ready. */
const START_LIMIT_MS = 3000;

/**
 * Shows the banner, starts the servers, and shows each as it settles. Waits no longer than `startLimitMs` for those that
 * have not.
 */
export async function openConversation(
  session: Session,
  screen: Screen,
  { startLimitMs = START_LIMIT_MS }: { readonly startLimitMs?: number } = {},
): Promise<Conversation> {
  const { host, config } = session;
  const { model, note } = session.chooseModel();
  const { style } = screen;
  const width = nameWidth(host.servers());

  screen.line(renderBanner({ version: manifest.version, model, source: config.source }, style));
  if (note !== undefined) screen.line(style.dim(note));
  const isOffline = model.id.startsWith('offline/');
  const localServers = isOffline ? findLocalServers() : Promise.resolve([]);
  if (!session.isDelegating) {
    let isStarting = true;
    const pending = await startServers(host, {
      limitMs: startLimitMs,
      onSettled: (status) => {
        if (isStarting) screen.line(renderServer(status, width, style));
      },
    });
    // Whoever watches the servers from here on tells of the late ones.
    isStarting = false;
    for (const status of pending) screen.line(renderServer(status, width, style));
  }
  for (const found of await localServers) screen.line(renderLocalServer(found));
  const delegating = `${host.servers().length} servers, each started when it is needed.`;
  const readiness = session.isDelegating ? delegating : renderReadiness(host.servers());
  screen.line(`${readiness} /help for commands.`);
  return new Conversation(session, model, screen);
}
