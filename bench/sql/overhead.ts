import { openMySqlDatabase } from '@patchbay/server-sql';
import mysql from 'mysql2/promise';
import type { BenchDatabase } from './database.ts';
import { QUERIES } from './database.ts';
import { measureInTurns } from './timing.ts';

export interface OverheadRow {
  readonly query: string;
  readonly bareMs: number;
  readonly guardedMs: number;
  /** Guarded by bare. */
  readonly ratio: number;
}

/**
 * What the gate, the read-only session, limits and exact values add to a query, in this process: the `Database` port
 * against `connection.query` of mysql2 as it comes, on one connection that stays open.
 */
export async function measureOverhead(
  { server, url }: BenchDatabase,
  rounds: number,
): Promise<readonly OverheadRow[]> {
  await using bare = await mysql.createConnection(url);
  const { host, port, user, password } = server;
  await using guarded = openMySqlDatabase({ host, port, user, password, database: 'bench', ssl: undefined });
  const limits = { maxRows: 1000, maxBytes: 10_000_000, maxCellChars: 2000 };
  const options = { limits, timeoutMs: 15_000, signal: new AbortController().signal };
  const settle = async (): Promise<void> => {
    for (let run = 0; run < 10; run += 1) await bare.query('SELECT 1');
  };
  const rows: OverheadRow[] = [];
  for (const [query, sql] of Object.entries(QUERIES)) {
    const [bareMs, guardedMs] = await measureInTurns({
      pair: [() => bare.query(sql), () => guarded.query(sql, options)],
      rounds,
      warmUpRounds: 200,
      settle,
    });
    rows.push({ query, bareMs, guardedMs, ratio: guardedMs / bareMs });
  }
  return rows;
}
