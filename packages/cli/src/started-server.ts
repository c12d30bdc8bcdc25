import type { Host, ServerStatus } from '@patchbay/core';
import { PatchbayError } from '@patchbay/core';
import { didYouMean } from './closest.ts';
import { starting } from './startup.ts';

/** Something of one server, as `server.tool` and `server:uri` name it. */
export interface ServerTarget {
  readonly target: string;
  readonly separator: '.' | ':';
}

/** Starts the one server that `target` begins with. Rejects when `signal` aborts. */
export async function startNamedServer(
  host: Host,
  { target, separator }: ServerTarget,
  signal: AbortSignal,
): Promise<ServerStatus & { readonly rest: string }> {
  // Both names may hold the separator, so the server is the one whose name the target begins with.
  const servers = host.servers().map(({ server }) => server);
  const server = servers.find((name) => target.startsWith(name + separator));
  if (server === undefined) throw noServerFor(target, servers);
  for await (const status of starting(host, [server], signal)) {
    const { state } = status;
    if (state.kind !== 'down') return { ...status, rest: target.slice(server.length + 1) };
    throw notStarted(server, state);
  }
  throw new PatchbayError('SERVER_UNAVAILABLE', `${server} did not start`);
}

/** No server's name is the beginning of `target`. */
export function noServerFor(target: string, servers: readonly string[]): PatchbayError {
  const near = didYouMean(target.split(/[.:]/)[0] ?? '', servers);
  return new PatchbayError('SERVER_UNAVAILABLE', `No server for "${target}"${near}`, {
    hint: `The servers are: ${servers.join(', ') || 'none'}.`,
  });
}

export function notStarted(
  server: string,
  { reason, hint }: Pick<Extract<ServerStatus['state'], { kind: 'down' }>, 'reason' | 'hint'>,
): PatchbayError {
  return new PatchbayError('SERVER_UNAVAILABLE', `${server} did not start: ${reason}`, { hint });
}
