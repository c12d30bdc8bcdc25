import type {
  AddClientAuthentication,
  OAuthClientInformationContext,
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import { createPrivateKeyJwtAuth } from '@modelcontextprotocol/client';
import type { OAuthConfig } from '../config/oauth-config.ts';
import type { Grant } from './grant-store.ts';

/** How this program names itself to authorization servers. */
export interface ClientIdentity {
  readonly name: string;
  /** Where its Client ID Metadata Document is, for issuers that take one in place of a registration. */
  readonly metadataUrl?: string | undefined;
}

interface FlowOptions {
  readonly oauth: OAuthConfig;
  readonly identity: ClientIdentity;
  /** Where the browser comes back to. Absent: no user takes part. */
  readonly redirectUrl?: string | undefined;
}

/**
 * The SDK's view of one attempt to get tokens, from the first request to the last. It knows of no earlier attempt, so
 * nothing that another issuer gave can get into it; what came of it is {@link OAuthClient.grant}.
 */
export class OAuthClient implements OAuthClientProvider {
  readonly redirectUrl: string | undefined;
  readonly clientMetadataUrl?: string;
  readonly clientMetadata: OAuthClientMetadata;
  readonly saveClientInformation?: (client: StoredOAuthClientInformation) => void;
  readonly addClientAuthentication?: AddClientAuthentication;
  readonly prepareTokenRequest?: (scope?: string) => URLSearchParams;
  /** Where the user has to go. */
  address: URL | undefined;
  readonly #oauth: OAuthConfig;
  readonly #state: string;
  #client: StoredOAuthClientInformation | undefined;
  #tokens: StoredOAuthTokens | undefined;
  #verifier = '';
  #discovery: OAuthDiscoveryState | undefined;

  constructor({ oauth, identity, redirectUrl }: FlowOptions, state = '') {
    this.#oauth = oauth;
    this.#state = state;
    this.redirectUrl = redirectUrl;
    if (identity.metadataUrl !== undefined) this.clientMetadataUrl = identity.metadataUrl;
    this.clientMetadata = {
      client_name: identity.name,
      application_type: 'native',
      redirect_uris: redirectUrl === undefined ? [] : [redirectUrl],
      grant_types:
        oauth.grant === 'client_credentials' ? [oauth.grant] : ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      ...(oauth.scope === undefined ? {} : { scope: oauth.scope }),
    };
    // A client that was registered by hand is not to be registered again.
    if (oauth.clientId === undefined) this.saveClientInformation = (client) => (this.#client = client);
    if (oauth.grant === 'client_credentials') this.prepareTokenRequest = credentialsRequest;
    const authenticate = clientAuthentication(oauth);
    if (authenticate) this.addClientAuthentication = authenticate;
  }

  /** What was given in the end. */
  get grant(): Grant | undefined {
    if (!this.#tokens) return undefined;
    const asked = this.address?.searchParams.get('scope') ?? undefined;
    // An issuer that says nothing of the scope has given what was asked for (RFC 6749 §5.1).
    const tokens = { ...this.#tokens, scope: this.#tokens.scope ?? asked };
    return { issuer: tokens.issuer ?? '', client: this.#client, tokens };
  }

  state(): string {
    return this.#state;
  }

  clientInformation(context?: OAuthClientInformationContext): StoredOAuthClientInformation | undefined {
    return this.#client ?? registeredClient(this.#oauth, context?.issuer);
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.#tokens;
  }

  saveTokens(tokens: StoredOAuthTokens): void {
    this.#tokens = tokens;
  }

  redirectToAuthorization(address: URL): void {
    this.address = address;
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  saveDiscoveryState(discovery: OAuthDiscoveryState): void {
    this.#discovery = discovery;
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#discovery;
  }
}

/** The client of the configuration, at the issuer that may hear of it. */
export function registeredClient(
  { clientId, clientSecret, issuer: expected }: OAuthConfig,
  issuer: string | undefined,
): StoredOAuthClientInformation | undefined {
  if (clientId === undefined) return undefined;
  const stamp = expected ?? issuer;
  return {
    client_id: clientId,
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    ...(stamp === undefined ? {} : { issuer: stamp }),
  };
}

/** How a client proves who it is by a key of its own (RFC 7523 §2.2). */
export function clientAuthentication({
  clientId = '',
  privateKey,
  algorithm,
}: OAuthConfig): AddClientAuthentication | undefined {
  if (privateKey === undefined) return undefined;
  return createPrivateKeyJwtAuth({ issuer: clientId, subject: clientId, privateKey, alg: algorithm });
}

function credentialsRequest(scope?: string): URLSearchParams {
  return new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) });
}
