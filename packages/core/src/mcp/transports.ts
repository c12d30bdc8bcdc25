import type { FetchLike } from '@modelcontextprotocol/client';
import type { Authorization } from '../auth/authorization.ts';
import { authorizedFetch } from '../auth/authorized-fetch.ts';
import type { Environment } from '../config/expand-variables.ts';
import type { TransportConfig } from '../config/host-config.ts';
import { childEnvironment } from './child-environment.ts';
import { StdioTransport } from './stdio-transport.ts';
import { HttpChannel } from './wire/http-channel.ts';
import type { Channel } from './wire/message.ts';

type Reachable = Exclude<TransportConfig, { kind: 'invalid' }>;

interface TransportOptions {
  /** Where a process takes its few variables from. */
  readonly env: Environment;
  /** Where an address gets its tokens from. */
  readonly authorization: Authorization | undefined;
}

/** A way to a server as the configuration says, not started yet. The oldest one is the SDK's, which has to be loaded. */
export function openTransport(
  config: Reachable,
  { env, authorization }: TransportOptions,
): Channel | Promise<Channel> {
  switch (config.kind) {
    case 'stdio':
      return new StdioTransport({ ...config, env: childEnvironment(config.env, env) });
    case 'http':
      return new HttpChannel({ ...config, env, authorization });
    case 'sse':
      return openSse(config.url, config.headers, authorization);
    default:
      return config satisfies never;
  }
}

async function openSse(
  url: URL,
  headers: Readonly<Record<string, string>>,
  authorization: Authorization | undefined,
): Promise<Channel> {
  const { SSEClientTransport } = await import('@modelcontextprotocol/client');
  return new SSEClientTransport(url, { requestInit: { headers }, ...fetchOf(authorization) });
}

function fetchOf(authorization: Authorization | undefined): { fetch?: FetchLike } {
  return authorization ? { fetch: authorizedFetch(authorization) } : {};
}
