import type { ServerConfig } from '../config/host-config.ts';
import { errorMessage } from '../errors.ts';
import { printable } from '../untrusted-text.ts';
import type { Opening, SessionOptions } from './open-session.ts';
import { openSession } from './open-session.ts';
import type { ServerCatalog } from './server-catalog.ts';
import type { Session } from './session.ts';

/** Connects to a server, as it is remembered where it is. Whatever goes wrong with it is its own: nothing rejects. */
export async function openKnownSession(
  config: ServerConfig,
  catalog: ServerCatalog,
  options: Omit<SessionOptions, 'prior'>,
): Promise<Opening> {
  try {
    return await openRemembered(config, catalog, options);
  } catch (error) {
    return { kind: 'failed', failure: { reason: printable(errorMessage(error)) }, isPassing: false };
  }
}

/**
 * Connects to a server as it is remembered. What is remembered is believed for as long as the server behaves so; one
 * that does not may be another version of itself, and before anything is held against it, it is asked anew what it is.
 */
async function openRemembered(
  config: ServerConfig,
  catalog: ServerCatalog,
  options: Omit<SessionOptions, 'prior'>,
): Promise<Opening> {
  const first = await openSession(config, { ...options, prior: () => catalog.recall() });
  const isDoubtful = first.kind === 'open' && first.session.isOnTrust;
  if (isDoubtful && !(await isProven(first.session, { config, catalog, options }))) {
    const second = await openSession(config, options);
    if (second.kind === 'failed') catalog.distrust();
    return second;
  }
  if (first.kind === 'failed') catalog.distrust();
  return first;
}

interface Known {
  readonly config: ServerConfig;
  readonly catalog: ServerCatalog;
  readonly options: Pick<SessionOptions, 'signal'>;
}

/** Whether a server that has said nothing yet is the one that is remembered: it lists its tools as that one would. */
async function isProven(session: Session, { config, catalog, options }: Known): Promise<boolean> {
  const { signal } = options;
  const giveUp = (): void => void session.close();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await catalog.refresh(session, config.startTimeoutMs);
    return true;
  } catch {
    catalog.distrust();
    await session.close();
    return false;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
