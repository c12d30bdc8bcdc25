import type { ArxivClient } from '../arxiv-client.ts';

/** What the tools share. */
export interface ArxivContext {
  readonly client: ArxivClient;
  /** For one call, all its requests and waits together. */
  readonly timeoutMs: number;
}
