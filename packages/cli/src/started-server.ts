import type { Host, ServerStatus } from '@patchbay/core';
import { PatchbayError } from '@patchbay/core';
import { didYouMean } from './closest.ts';

/** Starts the one server that `target` begins with, as `server.tool` and `server:uri` do. */
export async function startNamedServer(
  host: Host,
  target: string,
  separator: '.' | ':',
): Promise<ServerStatus & { readonly rest: string }> {
  // Both names may hold the separator, so the server is the one whose name the target begins with.
  const servers = host.servers().map(({ server }) => server);
  const server = servers.find((name) => target.startsWith(name + separator));
  if (server === undefined) {
    throw new PatchbayError(
      'SERVER_UNAVAILABLE',
      `No server for "${target}"${didYouMean(target.split(separator)[0] ?? '', servers)}`,
      {
        hint: `The servers are: ${servers.join(', ') || 'none'}.`,
      },
    );
  }
  for await (const status of host.start([server])) {
    const { state } = status;
    if (state.kind !== 'down') return { ...status, rest: target.slice(server.length + 1) };
    throw new PatchbayError('SERVER_UNAVAILABLE', `${server} did not start: ${state.reason}`, {
      hint: state.hint,
    });
  }
  throw new PatchbayError('SERVER_UNAVAILABLE', `${server} did not start`);
}

/** Starts all servers, and tells `onDown` of those that do not come up. */
export async function startAllServers(host: Host, onDown: (status: ServerStatus) => void): Promise<void> {
  for await (const status of host.start()) if (status.state.kind === 'down') onDown(status);
}
