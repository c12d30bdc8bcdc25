import type { Wikipedia } from '../wikipedia.ts';

/** What the tools share. */
export interface WikipediaToolOptions {
  readonly wikipedia: Wikipedia;
  /** Used when a call names none. */
  readonly language: string;
  /** For one call, all its requests together. */
  readonly timeoutMs: number;
}
