import type { Host, ServerStatus } from '@patchbay/core';
import { findLocalServers } from '@patchbay/core';
import {
  nameWidth,
  renderBanner,
  renderLocalServer,
  renderReadiness,
  renderServer,
} from '../render/startup.ts';
import type { Session } from '../session.ts';
import { renderCaution } from '../render/error.ts';
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
  /** What of the banner is on the screen already. */
  readonly begun?: string;
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
  { startLimitMs = START_LIMIT_MS, signal = NEVER, begun = '', ...which }: OpenConversationOptions = {},
): Promise<Conversation> {
  const { host, config } = session;
  const { model, note } = session.chooseModel();
  const { style } = screen;
  const kept = await openKept(session, { isContinuing: false, resume: undefined, ...which });

  const banner = renderBanner({ model, source: config.source }, style);
  showBanner(banner, begun, screen);
  session.notKept.tellThrough((error) => tellError(error, screen));
  if (note !== undefined) screen.line(style.dim(wrapped(note, { columns: style.columns, indent: 2 })));
  showCaution(session, screen);
  const isOffline = model.id.startsWith('offline/');
  const localServers = isOffline ? findLocalServers() : Promise.resolve([]);
  if (!session.isDelegating) await showStart(host, screen, { limitMs: startLimitMs, signal });
  for (const found of await localServers) screen.say(renderLocalServer(found));
  const delegating = `${host.servers().length} servers, each started when it is needed.`;
  const readiness = session.isDelegating ? delegating : renderReadiness(host.servers(), config.source);
  screen.say(`${readiness} /help for commands.`);
  if (kept.messages.length > 0 && kept.log) screen.say(describeResumed(kept.log.id, kept.messages));
  return new Conversation(session, model, kept);
}

/** Starts the servers and writes a line as each settles, and of those that have not after `limitMs`. */
async function showStart(
  host: Host,
  screen: Screen,
  { limitMs, signal }: { readonly limitMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const width = nameWidth(host.servers());
  const tell = (status: ServerStatus): void => screen.line(renderServer(status, width, screen.style));
  let isStarting = true;
  const onSettled = (status: ServerStatus): void => {
    if (isStarting) tell(status);
  };
  const pending = await startServers(host, { limitMs, onSettled }, signal);
  // Whoever watches the servers from here on tells of the late ones.
  isStarting = false;
  for (const status of pending) tell(status);
}

function showCaution({ environmentNote }: Session, screen: Screen): void {
  if (environmentNote !== undefined) screen.line(renderCaution(environmentNote, screen.style));
}

/** The banner behind what of it is there; in a window too narrow for that it is broken within, and stands below. */
function showBanner(banner: string, begun: string, screen: Screen): void {
  if (begun !== '' && banner.startsWith(begun)) screen.write(`${banner.slice(begun.length)}\n`);
  else screen.line(banner);
}
