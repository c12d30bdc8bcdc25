import type { PoolConnection } from 'mysql2/promise';
import { writingPrivileges } from './grants.ts';
import { isConnectionError } from './mysql-errors.ts';

/** What is known of a server after the first connection. */
export interface ServerFacts {
  readonly name: string;
  readonly version: string;
  /** The session variable that limits a statement's time on the server, if it has one. */
  readonly timeLimit: 'max_statement_time' | 'max_execution_time' | undefined;
  /** Whether it knows sessions that only read. TiDB does not. */
  readonly hasReadOnly: boolean;
  /** The privileges to write that the account has; empty when it only reads, or does not say. */
  readonly privileges: readonly string[];
}

/** Asks a server what it is. Systems that speak MySQL's protocol say their own name in the version. */
export async function readFacts(session: PoolConnection): Promise<ServerFacts> {
  const [rows] = await session.query('SELECT VERSION()');
  const [cell]: unknown[] = Array.isArray(rows) ? rows.flat() : [];
  const text = typeof cell === 'string' ? cell : '';
  const name = /MariaDB|TiDB|Vitess/i.exec(text)?.[0] ?? 'MySQL';
  const own = new RegExp(`${name}-v?(\\d+(?:\\.\\d+)*)`, 'i').exec(text)?.[1];
  const [first = text] = /^\d+(?:\.\d+)*/.exec(text) ?? [];
  return {
    name,
    version: name === 'TiDB' ? (own ?? first) : first,
    timeLimit: name === 'MariaDB' ? 'max_statement_time' : 'max_execution_time',
    hasReadOnly: true,
    privileges: await readPrivileges(session),
  };
}

/** A proxy may not know the statement: then there is nothing to say. */
async function readPrivileges(session: PoolConnection): Promise<readonly string[]> {
  try {
    const [rows] = await session.query('SHOW GRANTS');
    return writingPrivileges(Array.isArray(rows) ? rows.flat().map(String) : []);
  } catch (error) {
    if (isConnectionError(error)) throw error;
    return [];
  }
}
