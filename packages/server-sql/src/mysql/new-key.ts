import type { ServerConnection } from './server-connection.ts';
import { fetchRow } from './server-connection.ts';

/**
 * The first key that the last statement of this connection made, from what the driver says of it: 0 where there is none, and
 * read as signed, so that a key from 2^63 on is negative, like a negative one that the statement itself gave. Those are told
 * apart by the server, which makes none below 1; one that was given is no new key.
 */
export async function readNewKey(
  connection: ServerConnection,
  insertId: number | string,
): Promise<number | string | null> {
  const key = BigInt(insertId);
  if (key === 0n) return null;
  if (key > 0n) return insertId;
  const unsigned = String(BigInt.asUintN(64, key));
  const [made] = await fetchRow(connection, 'SELECT LAST_INSERT_ID()');
  return String(made) === unsigned ? unsigned : null;
}
