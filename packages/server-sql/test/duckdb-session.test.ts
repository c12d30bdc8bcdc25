import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { DuckDbInstances } from '../src/duckdb/duckdb-instance.ts';
import { openDuckDbSession } from '../src/duckdb/duckdb-session.ts';
import { makeFolder } from './support.ts';

/** Takes hours. */
const SLOW = `SELECT COUNT(*) FROM range(100000) a, range(100000) b, range(100000) c WHERE a.range + b.range + c.range < 0`;

test('a statement whose time is over before it begins is stopped all the same', async () => {
  await using folder = await makeFolder();
  const source = { kind: 'folder', openFolder: async () => folder.path } as const;
  await using instances = new DuckDbInstances(source);
  const { signal } = new AbortController();
  await using session = await openDuckDbSession(instances, { timeoutMs: 100, signal });
  // DuckDB's work waits for its turn in Node's threads, which are busy with this for longer than the statement may take.
  const busy = Array.from({ length: 16 }, () => promisify(pbkdf2)('x', 'x', 400_000, 32, 'sha256'));
  const rows = session.readAll(SLOW);
  await expect(rows).rejects.toThrow('stopped after 0.1 s');
  await Promise.all(busy);
});
