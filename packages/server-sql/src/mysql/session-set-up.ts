import type { ServerFacts } from './server-facts.ts';

export interface SessionLimits {
  readonly timeoutMs: number;
  /** The server stops after this many rows unless the statement has a LIMIT of its own. */
  readonly maxRows: number | undefined;
}

/** The gate reads by these rules of quoting too, and what does not fit a column is refused, not cut. */
export const WRITING_SET_UP = [
  'SET NAMES utf8mb4',
  "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
  'SET SESSION autocommit = 1',
  'SET SESSION TRANSACTION READ WRITE',
] as const;

/**
 * The session is read-only because a read-only transaction alone is ended by DROP, GRANT and the like, which then
 * succeed.
 */
export const READ_ONLY_SET_UP = ['SET SESSION TRANSACTION READ ONLY', 'START TRANSACTION READ ONLY'] as const;

/** The gate reads a statement by these rules of quoting, so they are set whatever the server's own are. */
export function readingSql(limits: SessionLimits, facts: ServerFacts): string {
  const mode = "IF(@@GLOBAL.sql_mode LIKE '%ONLY_FULL_GROUP_BY%', 'ONLY_FULL_GROUP_BY', '')";
  return `SET NAMES utf8mb4, SESSION sql_mode = ${mode}, ${limitsList(limits, facts)}`;
}

export function limitsSql(limits: SessionLimits, facts: ServerFacts): string {
  return `SET ${limitsList(limits, facts)}`;
}

function limitsList({ timeoutMs, maxRows }: SessionLimits, { timeLimit }: ServerFacts): string {
  const rows = `SESSION sql_select_limit = ${maxRows ?? 'DEFAULT'}`;
  if (timeLimit === undefined) return rows;
  return `${rows}, SESSION ${timeLimit} = ${timeLimit === 'max_statement_time' ? timeoutMs / 1000 : timeoutMs}`;
}
