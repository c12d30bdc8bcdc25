import type { OAuthTokens } from '@modelcontextprotocol/client';
import {
  checkResourceAllowed,
  computeScopeUnion,
  discoverOAuthServerInfo,
  extractWWWAuthenticateParams,
  fetchToken,
  OAuthClientFlowError,
  OAuthError,
  OAuthErrorCode,
  refreshAuthorization,
  resourceUrlFromServerUrl,
} from '@modelcontextprotocol/client';
import type { OAuthConfig } from '../config/oauth-config.ts';
import { boundedFetch } from './bounded-fetch.ts';
import type { Challenge } from './authorization.ts';
import type { Grant } from './grant-store.ts';
import type { ClientIdentity } from './oauth-client.ts';
import { clientAuthentication, OAuthClient, registeredClient } from './oauth-client.ts';
import { isPrivate } from './private-address.ts';

/** What a server asks for, in the words of its challenge. */
export interface Wanted {
  readonly resourceMetadataUrl?: URL | undefined;
  readonly scope?: string | undefined;
}

export interface RenewalOptions {
  readonly url: URL;
  readonly oauth: OAuthConfig;
  readonly identity: ClientIdentity;
}

/** A new grant, or the word of the issuer that there will be none. */
export type Renewed =
  | { readonly kind: 'renewed'; readonly grant: Grant }
  | { readonly kind: 'ended'; readonly reason: string };

/** What an issuer answers when there is no use in asking again. */
const ENDED: readonly string[] = [
  OAuthErrorCode.InvalidGrant,
  OAuthErrorCode.InvalidClient,
  OAuthErrorCode.UnauthorizedClient,
  OAuthErrorCode.InvalidScope,
];

/**
 * Uses a refresh token, which is sent to the issuer that gave it alone, and only while the server still names that one.
 * Throws when the issuer cannot be asked.
 */
export async function refresh(
  { issuer, client, tokens }: Grant,
  wanted: Wanted,
  { url, oauth }: RenewalOptions,
): Promise<Renewed> {
  if (tokens.refresh_token === undefined) return ended('it was for a time');
  const { resource, ...found } = await discover(url, wanted);
  if (found.issuer !== issuer) return ended('the server has another authorization server now');
  if (!isOf(url, resource)) return ended(`the server says that it is ${resource}`);
  const clientInformation = client ?? registeredClient(oauth, issuer);
  if (!clientInformation) return ended('this program was another client then');
  const renewing = refreshAuthorization(found.authorizationServerUrl, {
    refreshToken: tokens.refresh_token,
    clientInformation,
    fetchFn: boundedFetch,
    ...(found.metadata ? { metadata: found.metadata } : {}),
    ...(resource === undefined ? {} : { resource }),
    ...authentication(oauth),
  });
  return grantOf(renewing, (renewed) => ({
    issuer,
    client,
    tokens: { ...renewed, scope: renewed.scope ?? tokens.scope, issuer },
  }));
}

/** Signs in this program itself. Throws when the issuer cannot be asked. */
export async function useCredentials(
  wanted: Wanted,
  { url, oauth, identity }: RenewalOptions,
): Promise<Renewed> {
  const { issuer, authorizationServerUrl, metadata, resource, scopes } = await discover(url, wanted);
  if (oauth.issuer !== undefined && oauth.issuer !== issuer) return ended(`the server names ${issuer}`);
  if (!isOf(url, resource)) return ended(`the server says that it is ${resource}`);
  const scope = wanted.scope ?? scopes;
  const getting = fetchToken(new OAuthClient({ oauth, identity }), authorizationServerUrl, {
    fetchFn: boundedFetch,
    ...(metadata ? { metadata } : {}),
    ...(resource === undefined ? {} : { resource }),
    ...(scope === undefined ? {} : { scope }),
  });
  return grantOf(getting, (tokens) => ({
    issuer,
    tokens: { ...tokens, scope: tokens.scope ?? scope, issuer },
  }));
}

/** Tells the issuer that a sign-in is over (RFC 7009), where it hears of such. Throws when it cannot be asked. */
export async function revoke(
  { issuer, client, tokens }: Grant,
  { url, oauth }: RenewalOptions,
): Promise<void> {
  const found = await discover(url, {});
  const { metadata } = found;
  const offered = metadata && 'revocation_endpoint' in metadata ? metadata.revocation_endpoint : undefined;
  const endpoint = typeof offered === 'string' ? URL.parse(offered) : null;
  const who = client ?? registeredClient(oauth, issuer);
  if (!endpoint || !isPrivate(endpoint) || found.issuer !== issuer || !who) return;
  const { client_id: id, client_secret: secret } = who;
  // The end of a refresh token is the end of its access tokens as well.
  const body = new URLSearchParams({ token: tokens.refresh_token ?? tokens.access_token });
  const headers = new Headers();
  if (secret === undefined) body.set('client_id', id);
  else
    headers.set('authorization', `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`);
  await clientAuthentication(oauth)?.(headers, body, endpoint, metadata);
  await boundedFetch(endpoint, { method: 'POST', headers, body });
}

async function grantOf(
  getting: Promise<OAuthTokens>,
  toGrant: (tokens: OAuthTokens) => Grant,
): Promise<Renewed> {
  try {
    return { kind: 'renewed', grant: toGrant(await getting) };
  } catch (error) {
    if (error instanceof OAuthClientFlowError) return ended(error.message);
    if (error instanceof OAuthError && ENDED.includes(error.code)) return ended(error.code);
    throw error;
  }
}

async function discover(url: URL, { resourceMetadataUrl }: Wanted) {
  const found = await discoverOAuthServerInfo(url, {
    fetchFn: boundedFetch,
    ...(resourceMetadataUrl ? { resourceMetadataUrl } : {}),
  });
  const { authorizationServerUrl, authorizationServerMetadata: metadata, resourceMetadata } = found;
  return {
    authorizationServerUrl,
    metadata,
    issuer: metadata?.issuer ?? authorizationServerUrl,
    resource: resourceMetadata?.resource,
    scopes: resourceMetadata?.scopes_supported?.join(' '),
  };
}

/** Whether a server's metadata are about this server, so that a token for them is meant for it. */
function isOf(url: URL, resource: string | undefined): boolean {
  const requestedResource = resourceUrlFromServerUrl(url);
  return resource === undefined || checkResourceAllowed({ requestedResource, configuredResource: resource });
}

function ended(reason: string): Renewed {
  return { kind: 'ended', reason };
}

/** What is asked for after a refusal. More scope is asked for together with what there is: it is given anew as a whole. */
export function wantedBy(
  { status, header }: Challenge,
  { oauth, grant, former }: { oauth: OAuthConfig; grant: Grant | undefined; former: Wanted },
): Wanted {
  const headers = new Headers(header === null ? {} : { 'www-authenticate': header });
  const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(
    new Response(null, { status, headers }),
  );
  const had = status === 403 ? [former.scope, grant?.tokens.scope] : [];
  return {
    resourceMetadataUrl: resourceMetadataUrl ?? former.resourceMetadataUrl,
    scope: computeScopeUnion(oauth.scope, ...had, scope),
  };
}

function authentication(
  oauth: OAuthConfig,
): Pick<Parameters<typeof refreshAuthorization>[1], 'addClientAuthentication'> {
  const addClientAuthentication = clientAuthentication(oauth);
  return addClientAuthentication ? { addClientAuthentication } : {};
}
