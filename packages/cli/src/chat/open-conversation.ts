import manifest from '../../package.json' with { type: 'json' };
import type { ServerStatus } from '@patchbay/core';
import { findLocalServers } from '@patchbay/core';
import {
  nameWidth,
  renderBanner,
  renderLocalServer,
  renderReadiness,
  renderServer,
} from '../render/startup.ts';
import type { Session } from '../session.ts';
import { openKept } from '../kept-conversation.ts';
import { describeResumed } from '../render/kept.ts';
import { wrapped } from '../render/width.ts';
import { startServers } from '../startup.ts';
import { Conversation } from './conversation.ts';
import type { Screen } from './screen.ts';
import { tellError } from './tell-error.ts';

/** The prompt opens when all servers have settled, or after this long: a slow one says so when it is ready. */
const START_LIMIT_MS = 3000;
const NEVER = new AbortController().signal;

export interface OpenConversationOptions {
  readonly startLimitMs?: number;
  /** Gives the start up. */
  readonly signal?: AbortSignal;
  /** Goes on with the latest conversation of the folder. */
  readonly isContinuing?: boolean;
  /** Goes on with that conversation. */
  readonly resume?: string | undefined;
}

/**
 * Shows the banner, starts the servers, and shows each as it settles. Waits no longer than `startLimitMs` for those that
 * have not.
 */
export async function openConversation(
  session: Session,
  screen: Screen,
  { startLimitMs = START_LIMIT_MS, signal = NEVER, ...which }: OpenConversationOptions = {},
): Promise<Conversation> {
  const { host, config } = session;
  const { model, note } = session.chooseModel();
  const { style } = screen;
  session.notKept.tellThrough((error) => tellError(error, screen));
  const kept = await openKept(session, { isContinuing: false, resume: undefined, ...which });
  const width = nameWidth(host.servers());

  screen.line(renderBanner({ version: manifest.version, model, source: config.source }, style));
  if (note !== undefined) screen.line(style.dim(wrapped(note, { columns: style.columns, indent: 2 })));
  const isOffline = model.id.startsWith('offline/');
  const localServers = isOffline ? findLocalServers() : Promise.resolve([]);
  if (!session.isDelegating) {
    let isStarting = true;
    const onSettled = (status: ServerStatus): void => {
      if (isStarting) screen.line(renderServer(status, width, style));
    };
    const pending = await startServers(host, { limitMs: startLimitMs, onSettled }, signal);
    // Whoever watches the servers from here on tells of the late ones.
    isStarting = false;
    for (const status of pending) screen.line(renderServer(status, width, style));
  }
  for (const found of await localServers) screen.line(renderLocalServer(found));
  const delegating = `${host.servers().length} servers, each started when it is needed.`;
  const readiness = session.isDelegating ? delegating : renderReadiness(host.servers(), config.source);
  screen.line(`${readiness} /help for commands.`);
  if (kept.messages.length > 0 && kept.log) screen.line(describeResumed(kept.log.id, kept.messages));
  return new Conversation(session, model, kept);
}
