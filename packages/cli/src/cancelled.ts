/** The user stopped it. The message says after how long, and what was going on. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';

  /** `running`: the calls that were told to stop, as people read them. */
  constructor(ms: number, running: readonly string[], options?: ErrorOptions) {
    super(`cancelled after ${(ms / 1000).toFixed(1)} s${whatStopped(running)}`, options);
  }
}

function whatStopped(running: readonly string[]): string {
  if (running.length === 0) return '.';
  return `. ${running.join(' and ')} ${running.length === 1 ? 'was' : 'were'} told to stop.`;
}
