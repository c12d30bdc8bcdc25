/** The user stopped it. The message says after how long, and what was going on. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';

  /** `doing` is what was going on, as {@link toldToStop} and {@link stillStarting} say it. */
  constructor(ms: number, doing: string, options?: ErrorOptions) {
    super(`cancelled after ${(ms / 1000).toFixed(1)} s.${doing === '' ? '' : ` ${doing}`}`, options);
  }
}

/** Of calls, as people read them. */
export function toldToStop(calls: readonly string[]): string {
  return calls.length === 0 ? '' : `${calls.join(' and ')} ${wasOrWere(calls)} told to stop.`;
}

/** Of servers. */
export function stillStarting(servers: readonly string[]): string {
  return servers.length === 0 ? '' : `${servers.join(' and ')} ${wasOrWere(servers)} still starting.`;
}

function wasOrWere({ length }: readonly string[]): string {
  return length === 1 ? 'was' : 'were';
}
