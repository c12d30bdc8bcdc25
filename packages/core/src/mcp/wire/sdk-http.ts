import type { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Authorization } from '../../auth/authorization.ts';
import { authorizedFetch } from '../../auth/authorized-fetch.ts';
import type { HttpTarget } from './http-client.ts';

export interface HttpEndpoint extends HttpTarget {
  /** The right to use it. */
  readonly authorization: Authorization | undefined;
}

/** The SDK's transport to the same address, in a session that was made without it. */
export async function openSdkHttp(
  { url, headers, authorization }: HttpEndpoint,
  { sessionId, protocol }: { readonly sessionId: string | undefined; readonly protocol: string | undefined },
): Promise<StreamableHTTPClientTransport> {
  const { StreamableHTTPClientTransport: SdkTransport } = await import('@modelcontextprotocol/client');
  return new SdkTransport(url, {
    requestInit: { headers: { ...headers } },
    ...(authorization ? { fetch: authorizedFetch(authorization) } : {}),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(protocol === undefined ? {} : { protocolVersion: protocol }),
  });
}
