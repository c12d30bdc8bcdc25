import { setTimeout as delay } from 'node:timers/promises';
import type { Session } from './session.ts';
import { ConnectionLostError } from './wire/wire-errors.ts';

/** How long changes are gathered, in milliseconds: a server may change its tools one by one, or all the time. */
const SETTLE_MS = 200;
/** Pause before a stream of changes that broke off is asked for again, in milliseconds. */
const LISTEN_AGAIN_MS = 5000;

/**
 * Calls `onChange` when the server says that its tools are others now, in both eras: the older one says so unasked,
 * the newer one on a stream that is asked for.
 */
export function watchTools(session: Session, onChange: () => Promise<void>): void {
  if (session.capabilities.tools?.listChanged !== true) return;
  let [isDue, isBusy] = [false, false];
  // One list at a time: of two the older one could come last.
  const follow = async (): Promise<void> => {
    isBusy = true;
    while (isDue && !session.isOver) {
      await delay(SETTLE_MS, undefined, { ref: false });
      isDue = false;
      await onChange();
    }
    isBusy = false;
  };
  session.wire.on('notifications/tools/list_changed', () => {
    isDue = true;
    if (!isBusy) void follow();
  });
  if (session.era === 'modern') void listen(session, onChange);
}

async function listen(session: Session, onChange: () => Promise<void>): Promise<void> {
  const params = { notifications: { toolsListChanged: true } };
  while (!session.isOver) {
    try {
      // Its answer is its end.
      await session.wire.request('subscriptions/listen', params, { timeoutMs: Infinity });
      return;
    } catch (error) {
      // A server need not have such a stream: then its tools stay as they are.
      if (!(error instanceof ConnectionLostError) || session.isOver) return;
    }
    await delay(LISTEN_AGAIN_MS, undefined, { ref: false });
    if (!session.isOver) await onChange();
  }
}
