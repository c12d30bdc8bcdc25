import { openMySqlDatabase } from '@patchbay/server-sql';
import mysql from 'mysql2/promise';
import type { BenchDatabase } from './database.ts';
import { QUERIES } from './database.ts';
import { measureInTurns } from './timing.ts';

/** Both run for so long before they are measured that the engine has compiled what they share, and what they do not. */
const WARM_UP_ROUNDS = 500;

export interface OverheadRow {
  readonly query: string;
  readonly bareMs: number;
  readonly guardedMs: number;
  /** Guarded by bare, the median of each round's own. */
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
  for (const [query, next] of subjects()) {
    const { firstMs, secondMs, ratio } = await measureInTurns({
      pair: [() => bare.query(next()), () => guarded.query(next(), options)],
      rounds,
      warmUpRounds: WARM_UP_ROUNDS,
      settle,
    });
    rows.push({ query, bareMs: firstMs, guardedMs: secondMs, ratio });
  }
  return rows;
}

/** Each with what its next run asks. The gate knows a text that it has let through before, so one is another each time. */
function subjects(): readonly (readonly [query: string, next: () => string])[] {
  let id = 0;
  const another = (): string => `SELECT * FROM sales WHERE id = ${1 + (id++ % 1000)}`;
  const same = Object.entries(QUERIES).map(([query, sql]) => [query, () => sql] as const);
  return [...same, ['another row by key', another]];
}
