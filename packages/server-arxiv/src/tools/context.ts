import type { ToolHints } from '@patchbay/server-kit';
import { waitWithin } from '@patchbay/server-kit';
import { timeoutError } from '@patchbay/server-kit/http-client';
import type { ArxivClient } from '../arxiv-client.ts';
import { ARXIV } from '../upstream.ts';

/** What the tools share. */
export interface ArxivContext {
  readonly client: ArxivClient;
  /** For one call, all its requests and waits together. */
  readonly timeoutMs: number;
}

/** Every tool reads from arXiv and changes nothing. */
export const READS_ARXIV: ToolHints = {
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
  return waitWithin(work, { signal, timeoutMs, onTimeout: () => timeoutError(ARXIV, timeoutMs) });
}
