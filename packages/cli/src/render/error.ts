import { errorMessage, PatchbayError, printable } from '@patchbay/core';
import { UsageError } from '../command-line/usage-error.ts';
import type { Style } from './style.ts';

/** `✗ what failed` and `→ what to do`. No stack: it helps nobody who has not written this program. */
export function renderError(error: unknown, style: Style): string {
  const { message, hint } = describeError(error);
  const { signs } = style;
  return `${style.bad(signs.failed)} ${message}${hint === undefined ? '' : `\n  ${signs.hint} ${hint}`}`;
}

export interface ErrorDescription {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** The same as data, for `--json`. */
export function describeError(error: unknown): ErrorDescription {
  const message = printable(errorMessage(error));
  if (error instanceof PatchbayError) return { code: error.code, message, hint: error.hint };
  if (error instanceof UsageError) return { code: 'USAGE', message, hint: 'See patchbay --help.' };
  return { code: 'INTERNAL', message };
}
