import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerProcess } from '@patchbay/testing';
import { startMariaDb, startServerProcess } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { main, makeFolder } from '../test/support.ts';

const MILLION = 1_000_000;
/** What a million rows more may add, in MB. Ten million rows as arrays are more than 1000. */
const MAX_GROWTH_MB = 100;

/** Rows from nothing, as each engine makes them. */
const numbers = {
  mariadb: (count: number) => `SELECT seq AS n, CONCAT('row ', seq) AS t FROM seq_1_to_${count}`,
  sqlite: (count: number) =>
    `WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < ${count}) SELECT n, 'row ' || n AS t FROM r`,
  duckdb: (count: number) => `SELECT range + 1 AS n, 'row ' || (range + 1) AS t FROM range(${count})`,
} as const;

/** Most memory that the process and its children ever had, in MB. */
async function peakMemory({ pid }: ServerProcess): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const pids = [pid, ...children.split(' ').filter(Boolean).map(Number)];
  const peaks = await Promise.all(
    pids.map(async (each) => /^VmHWM:\s+(\d+)/m.exec(await readFile(`/proc/${each}/status`, 'utf8'))?.[1]),
  );
  return peaks.reduce((sum, kilobytes) => sum + Number(kilobytes ?? 0) / 1024, 0);
}

test.for(['mariadb', 'sqlite', 'duckdb'] as const)(
  'ten million rows of %s take no more memory than one, as a file and cut in an answer',
  { timeout: 300_000 },
  async (kind) => {
    await using folder = await makeFolder();
    await using mariaDb = kind === 'mariadb' ? await startMariaDb() : undefined;
    const args = ['--workspace', folder.path, '--export-max-rows', '100000000'];
    await using server = await startServerProcess({
      main,
      args: kind === 'mariadb' ? args : [...args, '--engine', kind],
      env: mariaDb ? { MYSQL_URL: `${mariaDb.url}/mysql` } : {},
    });
    const run = async (count: number): Promise<void> => {
      const sql = numbers[kind](count);
      const exported = await server.callTool('export_csv', { sql, file: 'n.csv', overwrite: true });
      expect(exported).toMatchObject({ isError: false, structured: { rows: count, truncated: false } });
      const answer = await server.callTool('query', { sql });
      expect(answer).toMatchObject({ isError: false, structured: { row_count: 1000, truncated: true } });
      expect((await stat(join(folder.path, 'n.csv'))).size).toBeGreaterThan(count * 10);
      // DuckDB would take it for a table.
      await rm(join(folder.path, 'n.csv'));
    };
    await run(MILLION);
    const before = await peakMemory(server);
    await run(10 * MILLION);
    expect((await peakMemory(server)) - before).toBeLessThan(MAX_GROWTH_MB);
  },
);
