import type { Account } from './grants.ts';
import { readAccount } from './grants.ts';
import { isConnectionError } from './mysql-errors.ts';
import type { ServerConnection } from './server-connection.ts';
import { fetchRow, fetchRows } from './server-connection.ts';

/** What is known of a server after the first connection. */
export interface ServerFacts {
  readonly name: string;
  readonly version: string;
  /** The session variable that limits a statement's time on the server, if it has one. */
  readonly timeLimit: 'max_statement_time' | 'max_execution_time' | undefined;
  /** What the server's own SQL mode says of columns that are not grouped by. */
  readonly groupingMode: 'ONLY_FULL_GROUP_BY' | '';
  readonly account: Account;
}

/** Asks a server what it is. Systems that speak MySQL's protocol say their own name in the version. */
export async function readFacts(connection: ServerConnection): Promise<ServerFacts> {
  const [version, mode] = await fetchRow(connection, 'SELECT VERSION(), @@GLOBAL.sql_mode');
  const text = typeof version === 'string' ? version : '';
  const name = NAMES.find((known) => text.toLowerCase().includes(known.toLowerCase())) ?? 'MySQL';
  const own = new RegExp(`${name}-v?(\\d+(?:\\.\\d+)*)`, 'i').exec(text)?.[1];
  const [first = text] = /^\d+(?:\.\d+)*/.exec(text) ?? [];
  return {
    name,
    version: name === 'TiDB' ? (own ?? first) : first,
    timeLimit: name === 'MariaDB' ? 'max_statement_time' : 'max_execution_time',
    groupingMode: String(mode).includes('ONLY_FULL_GROUP_BY') ? 'ONLY_FULL_GROUP_BY' : '',
    account: await askAccount(connection),
  };
}

const NAMES = ['MariaDB', 'TiDB', 'Vitess'] as const;

/** A proxy may not know the statement. */
async function askAccount(connection: ServerConnection): Promise<Account> {
  try {
    const rows = await fetchRows(connection, 'SHOW GRANTS');
    return readAccount(rows.map(([grant]) => String(grant)));
  } catch (error) {
    if (isConnectionError(error)) throw error;
    return { writes: [], isKnown: false };
  }
}
