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

/** A way to a server as the configuration says, not started yet. */
export async function openTransport(
  config: Reachable,
  { env, authorization }: TransportOptions,
): Promise<Channel> {
  switch (config.kind) {
    case 'stdio':
      return new StdioTransport({ ...config, env: childEnvironment(config.env, env) });
    case 'http':
      return new HttpChannel({ ...config, env, authorization });
    case 'sse': {
      const { SSEClientTransport } = await import('@modelcontextprotocol/client');
      return new SSEClientTransport(config.url, {
        requestInit: { headers: config.headers },
        ...fetchOf(authorization),
      });
    }
    default:
      return config satisfies never;
  }
}

function fetchOf(authorization: Authorization | undefined): { fetch?: FetchLike } {
  return authorization ? { fetch: authorizedFetch(authorization) } : {};
}
