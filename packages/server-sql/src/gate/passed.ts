import type { Dialect } from './tokenize.ts';

/** Texts of a generation, and the longest that is remembered, in characters: two megabytes for a dialect at most. */
const MAX_TEXTS = 250;
const MAX_CHARS = 2000;

/** Texts that the gate has let through. Forgetting a whole generation at once is cheaper than one text for each new one. */
interface Passed {
  recent: Set<string>;
  older: ReadonlySet<string>;
}

const passed: Readonly<Record<Dialect, Passed>> = {
  mysql: { recent: new Set(), older: new Set() },
  sqlite: { recent: new Set(), older: new Set() },
  duckdb: { recent: new Set(), older: new Set() },
};

/**
 * Whether the gate has let this very text through before. What it says depends on the text and the dialect alone, so it
 * would say the same again.
 */
export function hasPassed(sql: string, dialect: Dialect): boolean {
  const { recent, older } = passed[dialect];
  return recent.has(sql) || older.has(sql);
}

export function rememberPassed(sql: string, dialect: Dialect): void {
  if (sql.length > MAX_CHARS) return;
  const texts = passed[dialect];
  if (texts.recent.size >= MAX_TEXTS) {
    texts.older = texts.recent;
    texts.recent = new Set();
  }
  texts.recent.add(sql);
}
