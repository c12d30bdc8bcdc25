import { errorMessage, ToolError } from '@patchbay/server-kit';
import { timedOut } from '../errors.ts';
import type { MySqlLogin } from './login.ts';

/** Server error numbers. Source: the MySQL and MariaDB error references. */
const LOGIN_REFUSED = new Set([1044, 1045, 1049, 1130, 1698, 3118]);
const SERVER_AWAY = new Set([1040, 1053, 1203, 1927]);
const TIME_LIMIT = new Set([1317, 1969, 3024]);
const READ_ONLY = new Set([1290, 1792, 1836]);
const UNKNOWN_VARIABLE = 1193;
const HINTS = new Map([
  [1046, 'No database is chosen: write database.table.'],
  [1054, 'describe_table shows the columns of a table.'],
  [1146, 'list_tables shows the tables that are there.'],
]);

const CHECK_LOGIN =
  'The server is there but refused the login: check the user, the password and the database.';
const START_IT =
  'Is it running, and reachable there? The next call connects anew. With no MySQL settings at all, sample data is used.';

/** A connection that ended without a reason, in the form of the driver's own errors. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
  readonly code = 'PROTOCOL_CONNECTION_LOST';
}

/** What the driver threw, as an error that the model can act on. The message never holds the password. */
export function toToolError(error: unknown, login: MySqlLogin, timeoutMs: number): Error {
  if (error instanceof ToolError) return error;
  if (!(error instanceof Error) || !('code' in error))
    return new Error(errorMessage(error), { cause: error });
  const errno = numberOf(error);
  // A refused connection to a name with several addresses has its reasons inside and no message of its own.
  const message = error.message || String(error.code);
  if (TIME_LIMIT.has(errno)) return timedOut(timeoutMs);
  if (READ_ONLY.has(errno)) {
    return new ToolError('READ_ONLY', message, {
      hint: 'Only statements that read are run here.',
      cause: error,
    });
  }
  if (isConnectionError(error)) {
    const hint = LOGIN_REFUSED.has(errno) ? CHECK_LOGIN : START_IT;
    return new ToolError('CONNECTION', `MySQL at ${login.host}:${login.port}: ${message}`, {
      hint,
      cause: error,
    });
  }
  const text = `${message} (${String(error.code)}, ${errno})`;
  return new ToolError('SQL_ERROR', text, { hint: HINTS.get(errno), cause: error });
}

/** Whether the connection, not the statement, is what failed. Errors of the network have negative numbers or none. */
export function isConnectionError(error: unknown): boolean {
  const errno = numberOf(error);
  const isFatal = error instanceof Error && 'fatal' in error && error.fatal === true;
  return isFatal || errno <= 0 || LOGIN_REFUSED.has(errno) || SERVER_AWAY.has(errno);
}

export function isUnknownVariable(error: unknown): boolean {
  return numberOf(error) === UNKNOWN_VARIABLE;
}

function numberOf(error: unknown): number {
  const errno = error instanceof Error && 'errno' in error ? error.errno : undefined;
  return typeof errno === 'number' ? errno : 0;
}
