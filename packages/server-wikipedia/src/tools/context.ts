import type { ToolHints } from '@patchbay/server-kit';
import { waitWithin } from '@patchbay/server-kit';
import { timeoutError } from '@patchbay/server-kit/http-client';
import { WIKIPEDIA } from '../upstream.ts';
import type { Wikipedia } from '../wikipedia.ts';

/** What the tools share. */
export interface WikipediaToolOptions {
  readonly wikipedia: Wikipedia;
  /** Used when a call names none. */
  readonly language: string;
  /** For one call, all its requests together. */
  readonly timeoutMs: number;
}

/** Hints of a tool that reads from Wikipedia. */
export const READS_WIKIPEDIA: ToolHints = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: true,
};

/** Waits for the answer as long as the call may take and its caller wants it. */
export function answerWithin<Answer>(
  work: Promise<Answer>,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<Answer> {
  return waitWithin(work, { signal, timeoutMs, onTimeout: () => timeoutError(WIKIPEDIA, timeoutMs) });
}
