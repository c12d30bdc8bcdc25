interface Deadline {
  readonly at: number;
  readonly onMet: () => void;
}

const pending = new Set<Deadline>();
let alarm: { readonly at: number; readonly timer: NodeJS.Timeout } | undefined;

/**
 * Calls `onMet` after `delayMs`, unless disposed before. Made for what hardly ever happens: one timer serves all and is
 * left to run out, because setting and clearing one for each call takes longer than the rest of its bookkeeping. It
 * keeps no process alive.
 */
export function atDeadline(delayMs: number, onMet: () => void): Disposable {
  const deadline = { at: performance.now() + delayMs, onMet };
  pending.add(deadline);
  if (alarm === undefined || alarm.at > deadline.at) setAlarm(deadline.at);
  return { [Symbol.dispose]: () => pending.delete(deadline) };
}

function setAlarm(at: number): void {
  clearTimeout(alarm?.timer);
  // Timers may come a fraction of a millisecond early.
  alarm = { at, timer: setTimeout(ring, at - performance.now() + 1).unref() };
}

function ring(): void {
  alarm = undefined;
  const now = performance.now();
  for (const deadline of pending) {
    if (deadline.at > now) continue;
    pending.delete(deadline);
    deadline.onMet();
  }
  const next = Math.min(...[...pending].map(({ at }) => at));
  if (pending.size > 0) setAlarm(next);
}
