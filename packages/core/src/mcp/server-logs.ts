import { bounded, printable } from '../untrusted-text.ts';
import type { Session } from './session.ts';

/** How much of one log entry is handed on, in characters. */
const MAX_LOG_CHARS = 4096;

/** How long a server may take to agree to a level, in milliseconds. */
const SET_LEVEL_MS = 60_000;

const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const;

export type LogLevel = (typeof LEVELS)[number];

export interface ServerLog {
  readonly level: LogLevel;
  /** The part of the server that says it, where the server has parts. */
  readonly logger?: string;
  /** Safe to print. */
  readonly text: string;
}

/** Asks a server for its log from `level` on: the older era once, the newer one with each request. */
export function watchLogs(session: Session, level: LogLevel, onLog: (log: ServerLog) => void): void {
  session.wire.on('notifications/message', ({ logger, data, level: said }) => {
    const text = bounded(printable(textOf(data)), MAX_LOG_CHARS);
    const from = typeof logger === 'string' ? { logger: printable(logger) } : {};
    if (isLogLevel(said)) onLog({ level: said, ...from, text });
  });
  if (session.era === 'modern') session.askForLog(level);
  else if (session.capabilities.logging) {
    // A server that keeps its log to itself works as well as any.
    session.wire.request('logging/setLevel', { level }, { timeoutMs: SET_LEVEL_MS }).catch(() => undefined);
  }
}

function textOf(data: unknown): string {
  if (typeof data === 'string') return data;
  try {
    return JSON.stringify(data ?? null);
  } catch {
    return '(data that is nested too deep to be shown)';
  }
}

function isLogLevel(value: unknown): value is LogLevel {
  return LEVELS.some((level) => level === value);
}
