import type { ToolContext } from '@patchbay/server-kit';
import type { PrintedText } from '../session/protocol.ts';

/** How often a client is told what was printed, in milliseconds. */
const TELL_MS = 500;

/** A call that prints nothing is reported after this many turns, so that a client sees that it is not stuck. */
const SILENT_TURNS = 10;

/** Most text of one message, in characters: its end is kept. */
const MAX_MESSAGE_CHARS = 2000;

export interface ReportOutputOptions {
  /** The time that the call has, which is what there is to measure progress by. */
  readonly timeoutMs: number;
  readonly progress: ToolContext['progress'];
}

/** Tells a client what a call prints while it runs, and that it runs. Short calls end before there is anything to tell. */
export function reportOutput({ timeoutMs, progress }: ReportOutputOptions): {
  readonly onPrinted: (printed: PrintedText) => void;
  readonly stop: () => void;
} {
  const started = performance.now();
  let told: PrintedText = { stdout: '', stderr: '' };
  let printed = told;
  let silent = 0;
  const timer = setInterval(() => {
    const elapsed = Math.round(performance.now() - started);
    const fresh = [addition(told.stdout, printed.stdout), addition(told.stderr, printed.stderr)];
    const text = fresh.filter((part) => part !== '').join('\n');
    silent = text === '' ? silent + 1 : 0;
    if (text === '' && silent % SILENT_TURNS !== 0) return;
    told = printed;
    const message = text === '' ? `running for ${Math.round(elapsed / 1000)} s` : text;
    progress({
      done: Math.min(elapsed, timeoutMs),
      total: timeoutMs,
      message: message.slice(-MAX_MESSAGE_CHARS).toWellFormed(),
    });
  }, TELL_MS).unref();
  return { onPrinted: (next) => void (printed = next), stop: () => clearInterval(timer) };
}

/** What `now` has that `before` had not. Where text was cut from the middle, its end. */
function addition(before: string, now: string): string {
  return now.startsWith(before) ? now.slice(before.length) : now;
}
