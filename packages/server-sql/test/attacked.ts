import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import type { Database } from '../src/database.ts';
import { QUERY_OPTIONS } from './support.ts';

/** Named in the attacks that write a file. */
export const TARGET = '/tmp/patchbay-attack';

/** A database under attack. */
export interface Attacked {
  readonly database: Database;
  /** Whatever an attack might change. */
  readonly snapshot: () => Promise<unknown>;
  /** Runs a statement past the gate. */
  readonly runUnguarded: (sql: string) => Promise<unknown>;
}

export interface Statements {
  readonly attacks: readonly string[];
  /** Those that nothing but the gate stops, which are not run past it. */
  readonly onlyTheGateStops?: RegExp;
  readonly legitimate: readonly string[];
}

/** What holds on every engine. The database is there once tests run. */
export function testAttacked(attacked: () => Attacked, statements: Statements): void {
  const { attacks, legitimate, onlyTheGateStops } = statements;
  let before: unknown;

  beforeAll(async () => {
    await rm(TARGET, { force: true, recursive: true });
    before = await attacked().snapshot();
  });

  test.for(attacks)('changes nothing: %j', async (sql) => {
    const { database, snapshot } = attacked();
    await outcomeOf(database.query(sql, QUERY_OPTIONS));
    expect(await snapshot()).toEqual(before);
  });

  test('the connection alone stops what the gate would, except what no session stops', async () => {
    const { snapshot, runUnguarded } = attacked();
    for (const sql of attacks.filter((attack) => onlyTheGateStops?.test(attack) !== true)) {
      await outcomeOf(runUnguarded(sql));
      expect({ sql, state: await snapshot() }).toEqual({ sql, state: before });
    }
  });

  test('what reads is run: at least 100 statements, none refused', async () => {
    const refused: unknown[] = [];
    for (const sql of legitimate) {
      const outcome = await outcomeOf(attacked().database.query(sql, QUERY_OPTIONS));
      if (outcome !== 'ok') refused.push([sql, outcome]);
    }
    expect({ refused, count: legitimate.length }).toEqual({
      refused: [],
      count: expect.toSatisfy((n) => n >= 100),
    });
  });
}

/** What the database answered: `ok`, or the code of the refusal. */
export async function outcomeOf(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'ok',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
}

/** A file's bytes, and whether an attack has written its own. */
export async function stateOfFile(path: string): Promise<unknown> {
  const hash = createHash('sha256').update(await readFile(path));
  return { hash: hash.digest('hex'), isWritten: existsSync(TARGET) };
}
