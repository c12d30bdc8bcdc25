import type { FetchLike, Transport } from '@modelcontextprotocol/client';
import { SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Authorization } from '../auth/authorization.ts';
import { authorizedFetch } from '../auth/authorized-fetch.ts';
import type { Environment } from '../config/expand-variables.ts';
import type { TransportConfig } from '../config/host-config.ts';
import { childEnvironment } from './child-environment.ts';
import { StdioTransport } from './stdio-transport.ts';

type Reachable = Exclude<TransportConfig, { kind: 'invalid' }>;

interface TransportOptions {
  /** Where a process takes its few variables from. */
  readonly env: Environment;
  /** Where an address gets its tokens from. */
  readonly authorization: Authorization | undefined;
}

/** A transport as the configuration says, not started yet. */
export function openTransport(config: Reachable, { env, authorization }: TransportOptions): Transport {
  switch (config.kind) {
    case 'stdio':
      return new StdioTransport({ ...config, env: childEnvironment(config.env, env) });
    case 'http':
      return new StreamableHTTPClientTransport(config.url, httpOptions(config, authorization));
    case 'sse':
      return new SSEClientTransport(config.url, httpOptions(config, authorization));
    default:
      return config satisfies never;
  }
}

function httpOptions(
  { headers }: Extract<Reachable, { readonly url: URL }>,
  authorization: Authorization | undefined,
): { requestInit: RequestInit; fetch?: FetchLike } {
  return { requestInit: { headers }, ...(authorization ? { fetch: authorizedFetch(authorization) } : {}) };
}
