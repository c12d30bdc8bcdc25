import type { Dialect } from './tokenize.ts';

/** Texts that are remembered for each dialect, and the longest of them, in characters: a megabyte in all at most. */
const MAX_TEXTS = 250;
const MAX_CHARS = 2000;

const passed: Readonly<Record<Dialect, Set<string>>> = {
  mysql: new Set(),
  sqlite: new Set(),
  duckdb: new Set(),
};

/**
 * Whether the gate has let this very text through before. What it says depends on the text and the dialect alone, so it
 * would say the same again.
 */
export function hasPassed(sql: string, dialect: Dialect): boolean {
  return passed[dialect].has(sql);
}

/** Remembers a text in place of the one that is remembered for the longest time. */
export function rememberPassed(sql: string, dialect: Dialect): void {
  if (sql.length > MAX_CHARS) return;
  const texts = passed[dialect];
  const [oldest] = texts;
  if (texts.size >= MAX_TEXTS && oldest !== undefined) texts.delete(oldest);
  texts.add(sql);
}
