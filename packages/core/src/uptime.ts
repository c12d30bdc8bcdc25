/**
 * Milliseconds since this process began, which no change of the clock moves. `performance.now()` has Node load a module
 * at its first use, for which a server that is to be started would have to wait.
 */
export function uptimeMs(): number {
  return process.uptime() * 1000;
}
