import { fileURLToPath } from 'node:url';
import type { FaultyServerName } from '@patchbay/testing';
import { faultyServer } from '@patchbay/testing';
import type { ServerConfig, TransportConfig } from '../../src/config/host-config.ts';
import type { Host, HostOptions } from '../../src/host.ts';
import { createHost } from '../../src/host.ts';
import type { ServerState } from '../../src/mcp/server-state.ts';

/** What a configuration has where it says nothing, with limits for a busy machine. */
export const DEFAULTS = {
  protocol: 'auto',
  start: 'eager',
  trusted: false,
  startTimeoutMs: 20_000,
  timeoutMs: 20_000,
  maxTotalMs: 60_000,
} as const;

export function stdio(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): TransportConfig {
  return { kind: 'stdio', command, args, env, cwd: process.cwd() };
}

export function faulty(name: FaultyServerName, ...args: string[]): TransportConfig {
  const launch = faultyServer(name, ...args);
  return stdio(launch.command, launch.args);
}

/** The well-behaved server of these tests, over real streams. */
export function good(env: Record<string, string> = {}): TransportConfig {
  const program = fileURLToPath(new URL('../fixtures/good-server.ts', import.meta.url));
  return stdio(process.execPath, [program], env);
}

/** A server whose tools ask this side for things. */
export function asking(): TransportConfig {
  return stdio(process.execPath, [fileURLToPath(new URL('../fixtures/asking-server.ts', import.meta.url))]);
}

type Settings = Partial<Omit<ServerConfig, 'name' | 'transport'>> & Omit<HostOptions, 'env' | 'client'>;

export function hostOf(
  transports: Readonly<Record<string, TransportConfig>>,
  { cacheFolder, elicit, logLevel, sample, roots, authorize, ...limits }: Settings = {},
): Host {
  const servers = Object.entries(transports).map(([name, transport]) => ({
    ...DEFAULTS,
    ...limits,
    name,
    transport,
  }));
  return createHost(
    { source: 'test', servers },
    {
      env: process.env,
      client: { name: 'test', version: '1' },
      cacheFolder,
      elicit,
      logLevel,
      sample,
      roots,
      authorize,
    },
  );
}

/** A server that notes in a file every start of it and every message it gets. What it does is read from beside. */
export function recording(log: string, ...args: string[]): TransportConfig {
  const program = fileURLToPath(new URL('../fixtures/recording-server.ts', import.meta.url));
  return stdio(process.execPath, [program, log, ...args]);
}

export async function startAll(host: Host): Promise<void> {
  await Array.fromAsync(host.start());
}

/** Resolves at the moment when a server comes into a state: looking now and then would miss short ones. */
export async function untilState(host: Host, kind: ServerState['kind']): Promise<void> {
  for await (const event of host.events()) {
    if (event.type === 'server-state' && event.status.state.kind === kind) return;
  }
}
