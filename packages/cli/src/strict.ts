import type { ServerStatus } from '@patchbay/core';
import { PatchbayError, printable } from '@patchbay/core';
import type { AskSummary } from './ask.ts';
import { EXIT } from './exit-code.ts';

/**
 * `--strict` before anything is sent: every server has to be up.
 *
 * @throws {PatchbayError} `SERVER_UNAVAILABLE`, with the reason of each that is not.
 */
export function allServersUp(servers: readonly ServerStatus[]): void {
  const down = servers.flatMap(({ server, state }) =>
    state.kind === 'down' ? [{ reason: `${printable(server)} (${state.reason})`, hint: state.hint }] : [],
  );
  if (down.length === 0) return;
  const reasons = down.map(({ reason }) => reason).join('; ');
  throw new PatchbayError('SERVER_UNAVAILABLE', `--strict: not all servers are up: ${reasons}`, {
    hint: down[0]?.hint ?? 'patchbay doctor says more.',
  });
}

/** What a request came to that had to go through without a flaw: the exit code, and why it is not 0. */
export function strictVerdict({ stop, calls }: AskSummary): { readonly code: number; readonly why?: string } {
  if (stop === 'limit') return { code: EXIT.limit, why: 'a limit was reached.' };
  if (stop === 'length') return { code: EXIT.limit, why: 'the answer was cut.' };
  const failed = calls.filter(({ isError }) => isError).map(({ server, tool }) => `${server}.${tool}`);
  if (failed.length === 0) return { code: EXIT.ok };
  return {
    code: EXIT.toolError,
    why: `failed or refused: ${printable([...new Set(failed)].toSorted().join(', '))}.`,
  };
}
