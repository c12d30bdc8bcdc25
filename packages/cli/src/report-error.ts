import type { PatchbayErrorCode } from '@patchbay/core';
import { PatchbayError } from '@patchbay/core';
import { Cancelled } from './cancelled.ts';
import { UsageError } from './command-line/usage-error.ts';
import { EXIT } from './exit-code.ts';
import { describeError, renderError, renderStack } from './render/error.ts';
import { styleFor } from './render/style.ts';
import type { Terminal } from './terminal.ts';
import { line, lineOfJson } from './terminal.ts';

/** Says what went wrong on stderr, and as JSON on stdout where `argv` asks for JSON. Returns the exit code. */
export function reportError(thrown: unknown, argv: readonly string[], terminal: Terminal): number {
  const { stdout, stderr, interrupted, debugLog } = terminal;
  const isCancelled = interrupted.aborted && !(thrown instanceof Cancelled);
  // What a cancelled start throws is whatever was waited for just then.
  const error = isCancelled ? new Cancelled(performance.now(), '', { cause: thrown }) : thrown;
  const display = argv.includes('--screen-reader') ? 'words' : 'drawn';
  const style = styleFor(stderr, display);
  line(stderr, renderError(error, style));
  if (debugLog) {
    debugLog.write({ type: 'error', stack: renderStack(error) });
    line(stderr, style.dim(renderStack(error)));
  }
  if (argv.includes('--stream-json')) lineOfJson(stdout, { type: 'error', error: describeError(error) });
  else if (argv.includes('--json')) lineOfJson(stdout, { error: describeError(error) });
  return exitCodeOf(error);
}

const CODES: Readonly<Record<PatchbayErrorCode, number>> = {
  CONFIG_INVALID: EXIT.usage,
  CONFIG_NOT_FOUND: EXIT.usage,
  FILE_NOT_WRITTEN: EXIT.other,
  MODEL_AUTH: EXIT.auth,
  MODEL_CONTEXT_FULL: EXIT.other,
  MODEL_FAILED: EXIT.other,
  MODEL_NOT_FOUND: EXIT.auth,
  MODEL_NO_CREDIT: EXIT.other,
  MODEL_OVERLOADED: EXIT.other,
  MODEL_RATE_LIMITED: EXIT.other,
  MODEL_TIMEOUT: EXIT.unreachable,
  MODEL_UNREACHABLE: EXIT.unreachable,
  SERVER_REFUSED: EXIT.other,
  SERVER_UNAVAILABLE: EXIT.unreachable,
  TOOL_NOT_FOUND: EXIT.toolError,
};

function exitCodeOf(error: unknown): number {
  if (error instanceof Cancelled) return EXIT.interrupted;
  if (error instanceof UsageError) return EXIT.usage;
  return error instanceof PatchbayError ? CODES[error.code] : EXIT.other;
}
