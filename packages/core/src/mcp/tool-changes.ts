import { setTimeout as delay } from 'node:timers/promises';
import type { Session } from './session.ts';
import { ConnectionLostError } from './wire/wire-errors.ts';

/** How long a server that changes its tools one by one is waited for, in milliseconds. */
const SETTLE_MS = 200;
/** Pause before a stream of changes that broke off is asked for again, in milliseconds. */
const LISTEN_AGAIN_MS = 5000;

/**
 * Calls `onChange` when the server says that its tools are others now, in both eras: the older one says so unasked,
 * the newer one on a stream that is asked for.
 */
export function watchTools(session: Session, onChange: () => void): void {
  if (session.capabilities.tools?.listChanged !== true) return;
  let settling: NodeJS.Timeout | undefined;
  session.wire.on('notifications/tools/list_changed', () => {
    clearTimeout(settling);
    settling = setTimeout(onChange, SETTLE_MS).unref();
  });
  if (session.era === 'modern') void listen(session, onChange);
}

async function listen(session: Session, onChange: () => void): Promise<void> {
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
    if (!session.isOver) onChange();
  }
}
