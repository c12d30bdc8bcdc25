import type { PatchbayErrorCode } from '@patchbay/core';
import { errorMessage, PatchbayError, printable } from '@patchbay/core';
import { UsageError } from '../command-line/usage-error.ts';
import { Cancelled } from '../cancelled.ts';
import type { Style } from './style.ts';
import { wrapped, wrappedLines } from './width.ts';

/** Where an error is read: what to do about some is done in another way there. */
type Place = 'chat' | 'command line';

const FIRST: Readonly<Record<Place, Partial<Record<PatchbayErrorCode, string>>>> = {
  chat: { MODEL_NOT_FOUND: '/model lists what the server offers.' },
  'command line': { MODEL_NOT_FOUND: 'Name another one with --model.' },
};

/** `✗ what failed` and `→ what to do`. No stack: it helps nobody who has not written this program. */
export function renderError(error: unknown, style: Style): string {
  return render(describe(error, 'command line'), style);
}

/** The same for who reads it in the chat. */
export function renderChatError(error: unknown, style: Style): string {
  return render(describe(error, 'chat'), style);
}

/** Something that is not right and ends nothing. */
export function renderCaution(text: string, { signs, columns }: Style): string {
  return wrapped(`${signs.caution} ${text}`, { columns, indent: 2 });
}

export interface ErrorDescription {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** The same as data, for `--json`. */
export function describeError(error: unknown): ErrorDescription {
  return describe(error, 'command line');
}

/** Where in the program an error comes from, and where its causes do: what `--debug` shows. */
export function renderStack(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error));
  const cause = error.cause === undefined ? '' : `\ncaused by: ${renderStack(error.cause)}`;
  return printable(error.stack ?? error.message) + cause;
}

function render({ code, message, hint }: ErrorDescription, style: Style): string {
  const { signs, columns } = style;
  const mark = code === 'CANCELLED' ? signs.stopped : style.bad(signs.failed);
  return wrappedLines(`${mark} ${message}${hint === undefined ? '' : `\n  ${signs.hint} ${hint}`}`, columns);
}

function describe(error: unknown, place: Place): ErrorDescription {
  const message = printable(errorMessage(error));
  if (error instanceof PatchbayError) {
    const hint = [FIRST[place][error.code], error.hint].filter(Boolean).join(' ');
    return { code: error.code, message, ...(hint !== '' && { hint }) };
  }
  if (error instanceof UsageError) return { code: 'USAGE', message, hint: 'See patchbay --help.' };
  if (error instanceof Cancelled) return { code: 'CANCELLED', message };
  return { code: 'INTERNAL', message, hint: 'Run it again with --debug, and report what that says.' };
}
