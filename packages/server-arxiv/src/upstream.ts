import { ToolError } from '@patchbay/server-kit';
import type { Upstream } from '@patchbay/server-kit/http-client';

/** What errors say of arXiv. */
export const ARXIV: Upstream = {
  name: 'arXiv',
  timeoutSetting: 'ARXIV_TIMEOUT_MS',
  offlineHint: 'Say that arXiv is not available offline; do not make papers up.',
};

/** Says that arXiv asks for a pause that is longer than the call may take. */
export function pauseError(waitMs: number): ToolError {
  const seconds = Math.ceil(waitMs / 1000);
  return new ToolError('RATE_LIMITED', `arXiv limits requests; retry after ${seconds} s`, {
    hint: `Wait ${seconds} s before the next call. Papers that were looked up before are still answered.`,
  });
}

/** Says that the time limit ended before it was this call's turn. */
export function noTurnError(): ToolError {
  return new ToolError('TIMEOUT', 'arXiv could not be asked within the time limit', {
    hint: 'Try again once: requests of other programs here are waited for. The time limit is ARXIV_TIMEOUT_MS.',
  });
}
