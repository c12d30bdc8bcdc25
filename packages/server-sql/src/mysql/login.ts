import type { Socket } from 'node:net';
import { connect, isIP } from 'node:net';
import type { ConnectionOptions, SslOptions } from 'mysql2';

/** Where a MySQL or MariaDB server is and who logs in. */
export interface MySqlLogin {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string | undefined;
  readonly ssl: SslOptions | undefined;
  /** No others are read; absent when all may be. */
  readonly databases?: readonly string[] | undefined;
}

/** Longest time that connecting may take, in milliseconds. */
const CONNECT_LIMIT_MS = 5000;

/**
 * The driver's options. Values arrive as the server wrote them: no number loses digits, no date moves between time
 * zones, no column vanishes behind another of its name. One statement per call, and no local file is ever sent.
 */
export function connectionOptions(login: MySqlLogin): ConnectionOptions {
  const { host, port, user, password, database, ssl } = login;
  return {
    host,
    port,
    user,
    password,
    database,
    ssl,
    stream: ssl?.verifyIdentity === true && isIP(host) !== 0 ? () => openAddress(login) : undefined,
    charset: 'utf8mb4',
    supportBigNumbers: true,
    dateStrings: true,
    jsonStrings: true,
    rowsAsArray: true,
    multipleStatements: false,
    flags: ['-LOCAL_FILES'],
    connectTimeout: CONNECT_LIMIT_MS,
    // None are used; each reset of a connection would clear a cache of this size.
    maxPreparedStatements: 1,
  };
}

/**
 * Without a name, Node checks a certificate against what the socket was connected to, and against `localhost` where that
 * is an address, of which the socket keeps nothing.
 */
function openAddress({ host, port }: MySqlLogin): Socket {
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  return Object.assign(socket, { _host: host });
}
