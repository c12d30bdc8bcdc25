import type { PatchbayErrorCode } from '@patchbay/core';
import { PatchbayError } from '@patchbay/core';
import { UsageError } from './command-line/usage-error.ts';

/** What the process ends with. The numbers that the MCP Inspector's CLI uses too mean the same here. */
export const EXIT = {
  ok: 0,
  other: 1,
  usage: 2,
  auth: 3,
  unreachable: 4,
  toolError: 5,
  limit: 6,
  interrupted: 130,
} as const;

const CODES: Readonly<Record<PatchbayErrorCode, number>> = {
  CONFIG_INVALID: EXIT.usage,
  CONFIG_NOT_FOUND: EXIT.usage,
  FILE_NOT_WRITTEN: EXIT.other,
  MODEL_AUTH: EXIT.auth,
  MODEL_CONTEXT_FULL: EXIT.other,
  MODEL_FAILED: EXIT.other,
  MODEL_NOT_FOUND: EXIT.auth,
  MODEL_NO_CREDIT: EXIT.auth,
  MODEL_OVERLOADED: EXIT.other,
  MODEL_RATE_LIMITED: EXIT.other,
  MODEL_TIMEOUT: EXIT.unreachable,
  MODEL_UNREACHABLE: EXIT.unreachable,
  SERVER_REFUSED: EXIT.other,
  SERVER_UNAVAILABLE: EXIT.unreachable,
  TOOL_NOT_FOUND: EXIT.toolError,
};

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  return error instanceof PatchbayError ? CODES[error.code] : EXIT.other;
}
