import type { ServerFacts } from './server-facts.ts';

export interface SessionLimits {
  readonly timeoutMs: number;
  /**
   * The server stops after this many rows unless the statement has a LIMIT of its own: `all` of them for one whose
   * rows go into a file, `any` for one that has a LIMIT.
   */
  readonly maxRows: number | 'all' | 'any';
}

/** Whether a statement with the limits `wanted` may run where `set` are. */
export function suits(set: SessionLimits | undefined, wanted: SessionLimits): boolean {
  if (set?.timeoutMs !== wanted.timeoutMs) return false;
  return wanted.maxRows === 'any' || set.maxRows === wanted.maxRows;
}

/** The gate reads by these rules of quoting too, and what does not fit a column is refused, not cut. */
export const WRITING_SET_UP = [
  'SET NAMES utf8mb4',
  "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
  'SET SESSION autocommit = 1',
  'SET SESSION TRANSACTION READ WRITE',
] as const;

/** The gate reads a statement by these rules of quoting, so they are set whatever the server's own are. */
export function readingSql(limits: SessionLimits, facts: ServerFacts): string {
  return `SET NAMES utf8mb4, SESSION sql_mode = '${facts.groupingMode}', ${limitsList(limits, facts)}`;
}

export function limitsSql(limits: SessionLimits, facts: ServerFacts): string {
  return `SET ${limitsList(limits, facts)}`;
}

function limitsList({ timeoutMs, maxRows }: SessionLimits, { timeLimit }: ServerFacts): string {
  const rows = `SESSION sql_select_limit = ${typeof maxRows === 'number' ? maxRows : 'DEFAULT'}`;
  if (timeLimit === undefined) return rows;
  return `${rows}, SESSION ${timeLimit} = ${timeLimit === 'max_statement_time' ? timeoutMs / 1000 : timeoutMs}`;
}
