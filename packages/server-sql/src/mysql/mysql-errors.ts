import { errorMessage, ToolError } from '@patchbay/server-kit';
import { timedOut } from '../errors.ts';
import type { MySqlLogin } from './login.ts';

/** Server error numbers. Source: the MySQL and MariaDB error references. */
const LOGIN_REFUSED = new Set([1044, 1045, 1049, 1130, 1698, 3118]);
const NO_ROOM = new Set([1040, 1203, 1226]);
/** The last is told to a connection that waited too long. */
const SERVER_AWAY = new Set([...NO_ROOM, 1053, 1927, 4031]);
/** MySQL and MariaDB have a number of their own for it. */
const TLS_WANTED = new Set([3159, 4161]);
const TIME_LIMIT = new Set([1317, 1969, 3024]);
const READ_ONLY = new Set([1290, 1792, 1836]);
/** Words, variables or features that a server does not have; 1105 is all that older Vitess says. */
const NOT_KNOWN = new Set([1064, 1105, 1193, 1235]);
const HINTS = new Map([
  [1044, 'The account that this server uses has no right to that database.'],
  [1046, 'No database is chosen: write database.table.'],
  [1049, 'list_tables shows the databases that have tables.'],
  [1054, 'describe_table shows the columns of a table.'],
  [1146, 'list_tables shows the tables that are there.'],
]);

const CHECK_LOGIN =
  'The server is there but refused the login: check the user, the password and the database, and whether the account ' +
  'has to connect encrypted (ssl-mode=required).';
const START_IT =
  'Is it running, and reachable there? The next call connects anew. With no MySQL settings at all, sample data is used.';

/** A connection that ended without a reason, in the form of the driver's own errors. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
  readonly code = 'PROTOCOL_CONNECTION_LOST';
}

/**
 * What failed. A server gives both the same numbers for a database that is not there and for a right that is missing, and
 * only while it is connected to do they mean that there is no connection.
 */
export type FailedStep = 'connecting' | 'statement';

/** What the driver threw, as an error that the model can act on. The message never holds the password. */
export function toToolError(
  error: unknown,
  {
    login,
    timeoutMs,
    step,
  }: { readonly login: MySqlLogin; readonly timeoutMs: number; readonly step: FailedStep },
): Error {
  if (error instanceof ToolError) return error;
  if (!(error instanceof Error) || !('code' in error))
    return new Error(errorMessage(error), { cause: error });
  const errno = numberOf(error);
  // A refused connection to a name with several addresses has its reasons inside and no message of its own.
  const message = error.message || String(error.code);
  if (TIME_LIMIT.has(errno)) return timedOut(timeoutMs);
  if (READ_ONLY.has(errno)) {
    const hint =
      'Only statements that read are run here; or the server itself only reads, as a replica does.';
    return new ToolError('READ_ONLY', message, { hint, cause: error });
  }
  if (step === 'connecting' ? isConnectionError(error) : isLost(error)) {
    const hint = connectionHint(error, errno);
    return new ToolError('CONNECTION', `MySQL at ${login.host}:${login.port}: ${message}`, {
      hint,
      cause: error,
    });
  }
  const text = `${message} (${String(error.code)}, ${errno})`;
  return new ToolError('SQL_ERROR', text, { hint: HINTS.get(errno), cause: error });
}

function connectionHint(error: Error & { readonly code?: unknown }, errno: number): string {
  if (TLS_WANTED.has(errno)) return 'The server takes encrypted connections alone: set ssl-mode=required.';
  if (error.code === 'HANDSHAKE_NO_SSL_SUPPORT') return 'The server cannot encrypt: leave ssl-mode away.';
  if (isCertificateError(error)) {
    return "The server's certificate is not by an authority that is known here, or not for this host: set ssl-ca.";
  }
  if (NO_ROOM.has(errno))
    return 'The server has no room for another connection now; a later call tries again.';
  return LOGIN_REFUSED.has(errno) ? CHECK_LOGIN : START_IT;
}

/** The driver gives each failed handshake one code, and OpenSSL's own as the cause or in the words. */
function isCertificateError(error: Error & { readonly code?: unknown }): boolean {
  return error.code === 'HANDSHAKE_SSL_ERROR' || /certificate|altname/i.test(error.message);
}

/** Whether an attempt to connect failed of the connection, and not of a statement. Errors of the network have negative numbers or none. */
export function isConnectionError(error: unknown): boolean {
  return isLost(error) || LOGIN_REFUSED.has(numberOf(error)) || TLS_WANTED.has(numberOf(error));
}

/** Whether the connection is gone, or the server about to end it. */
export function isLost(error: unknown): boolean {
  const errno = numberOf(error);
  const isFatal = error instanceof Error && 'fatal' in error && error.fatal === true;
  return isFatal || errno <= 0 || SERVER_AWAY.has(errno);
}

/** Whether a server does not know what it was asked to set. */
export function isNotKnown(error: unknown): boolean {
  return NOT_KNOWN.has(numberOf(error));
}

/** Whether a session or a server that only reads has refused to write. */
export function isReadOnlyRefusal(error: unknown): boolean {
  return READ_ONLY.has(numberOf(error));
}

function numberOf(error: unknown): number {
  const errno = error instanceof Error && 'errno' in error ? error.errno : undefined;
  return typeof errno === 'number' ? errno : 0;
}
