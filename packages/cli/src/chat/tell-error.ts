import { renderChatError, renderStack } from '../render/error.ts';
import type { Screen } from './screen.ts';

/** Writes what went wrong and what to do about it; with `--debug` also where in the program it comes from. */
export function tellError(error: unknown, screen: Screen): void {
  const { style, debugLog } = screen;
  screen.line(renderChatError(error, style));
  if (!debugLog) return;
  const stack = renderStack(error);
  debugLog.write({ type: 'error', stack });
  screen.line(style.dim(stack));
}
