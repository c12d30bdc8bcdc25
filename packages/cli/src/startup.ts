import type { Host, ServerStatus } from '@patchbay/core';
import { printable } from '@patchbay/core';
import { Cancelled, stillStarting } from './cancelled.ts';
import type { CliArguments } from './command-line/arguments.ts';
import { nameWidth, renderReadiness, renderServer } from './render/startup.ts';
import { styleFor } from './render/style.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';
import { line } from './terminal.ts';

/** Starts servers, by default all, and yields each as it settles. Throws {@link Cancelled} when `signal` aborts. */
export async function* starting(
  host: Host,
  names: readonly string[] | undefined,
  signal: AbortSignal,
): AsyncGenerator<ServerStatus> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => {
    const late = host.servers().filter(({ state }) => state.kind === 'connecting');
    const doing = stillStarting(late.map(({ server }) => printable(server)));
    reject(new Cancelled(performance.now(), doing, { cause: signal.reason }));
  };
  signal.addEventListener('abort', giveUp);
  const settling = host.start(names);
  try {
    for (;;) {
      const { done, value } = await Promise.race([settling.next(), aborted]);
      if (done === true) return;
      yield value;
    }
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

export interface StartOptions {
  /** How long is waited for servers that have not settled. Absent: each has its own limit. */
  readonly limitMs?: number | undefined;
  readonly onSettled: (status: ServerStatus) => void;
}

/**
 * Starts all servers and tells of each as it settles. Resolves when all have, or after `limitMs`, with those that have
 * not: they are told of when they do. Rejects when `signal` aborts.
 */
export async function startServers(
  host: Host,
  { limitMs, onSettled }: StartOptions,
  signal: AbortSignal,
): Promise<readonly ServerStatus[]> {
  const told = new Set<string>();
  const all = (async (): Promise<void> => {
    for await (const status of starting(host, undefined, signal)) {
      told.add(status.server);
      onSettled(status);
    }
  })();
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const timer = limitMs === undefined ? undefined : setTimeout(resolve, limitMs);
  await Promise.race([all, enough]).finally(() => clearTimeout(timer));
  // By what was told and not by their state, which may be a moment ahead of it.
  return host.servers().filter(({ server }) => !told.has(server));
}

/** Starts all servers for a command that ends; those that do not come up are told of on stderr. */
export async function startForCommand(
  { host, config }: Session,
  { display }: CliArguments,
  { terminal, limitMs }: { readonly terminal: Terminal; readonly limitMs?: number | undefined },
): Promise<void> {
  const { stderr, interrupted } = terminal;
  const style = styleFor(stderr, display);
  const servers = host.servers();
  if (servers.length === 0) line(stderr, renderReadiness([], config.source));
  const tell = (status: ServerStatus): void => line(stderr, renderServer(status, nameWidth(servers), style));
  const onSettled = (status: ServerStatus): void => {
    if (['connecting', 'down'].includes(status.state.kind)) tell(status);
  };
  for (const status of await startServers(host, { limitMs, onSettled }, interrupted)) onSettled(status);
}
