import type { Connection, ConnectionOptions } from 'mysql2';
import { createConnection } from 'mysql2';
import { ConnectionLostError } from './mysql-errors.ts';
import type { SessionLimits } from './session-set-up.ts';

/** One connection to a server, with what is known of it. */
export interface ServerConnection {
  readonly driver: Connection;
  /** What the server calls it where that is not what it said at the start; digits. */
  id?: string;
  /** Those that are set in the read-only transaction that it is in; absent before that is begun. */
  limits?: SessionLimits | undefined;
  /** Whether nothing was asked of it since an earlier call, so that it may have died unnoticed. */
  hasWaited: boolean;
  /** Since when nobody has it, on the clock of `performance`. */
  idleSince: number;
  /** Told once when it is lost during a statement: the driver tells that to the connection's listeners alone. */
  onLost?: ((error: Error) => void) | undefined;
}

/** Connects. `onEnd` is called when the connection is over, whoever ended it, perhaps more than once. */
export function openConnection(
  options: ConnectionOptions,
  onEnd: (connection: ServerConnection) => void,
): { readonly connection: ServerConnection; readonly opened: Promise<void> } {
  const driver = createConnection(options);
  const connection: ServerConnection = { driver, hasWaited: false, idleSince: 0 };
  const lose = (error: Error): void => {
    connection.onLost?.(error);
    onEnd(connection);
  };
  driver.on('error', lose);
  driver.on('end', () => lose(new ConnectionLostError('The connection was closed')));
  const opened = new Promise<void>((resolve, reject) => {
    driver.connect((error) => (error ? reject(error) : resolve()));
  });
  return { connection, opened };
}

/** Runs one statement of this server's own. The driver's promises make an error ahead of each, in case it fails. */
export function run({ driver }: ServerConnection, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    driver.query(sql, (error) => (error ? reject(error) : resolve()));
  });
}

/** The rows of one statement of this server's own. */
export function fetchRows(
  { driver }: ServerConnection,
  sql: string,
): Promise<readonly (readonly unknown[])[]> {
  return new Promise((resolve, reject) => {
    driver.query(sql, (error, rows) => {
      if (error) return reject(error);
      const all: readonly unknown[] = Array.isArray(rows) ? rows : [];
      resolve(all.filter((row) => Array.isArray(row)));
    });
  });
}

/** The first row of one statement of this server's own. */
export async function fetchRow(connection: ServerConnection, sql: string): Promise<readonly unknown[]> {
  const [row = []] = await fetchRows(connection, sql);
  return row;
}

/** Rolls back, and drops what a statement may have left in the session. */
export function reset({ driver }: ServerConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    driver.reset((error) => (error ? reject(error) : resolve()));
  });
}
