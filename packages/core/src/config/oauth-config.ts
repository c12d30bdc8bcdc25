/** How a server is signed in to, where what it says of itself is not enough. */
export interface OAuthConfig {
  /** `client_credentials` signs in this program, with no user. */
  readonly grant: 'authorization_code' | 'client_credentials';
  /** Who this program is, where it was registered by hand. */
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** PEM (PKCS #8) of the key that client credentials are signed with, in place of a secret. */
  readonly privateKey?: string | undefined;
  /** Of the private key, such as `ES256`. */
  readonly algorithm: string;
  /** The only authorization server that hears of the client's credentials. Absent: the one that the server names. */
  readonly issuer?: string | undefined;
  /** What to ask for, separated by spaces. Absent: what the server says. */
  readonly scope?: string | undefined;
  /** Port of this machine that the browser comes back to, where a fixed one was registered. 0: any. */
  readonly callbackPort: number;
}

export const OAUTH_DEFAULTS: OAuthConfig = {
  grant: 'authorization_code',
  algorithm: 'ES256',
  callbackPort: 0,
};

/** The same with its texts changed, as by filling in variables. */
export function mapOAuthTexts(oauth: OAuthConfig, change: (text: string) => string): OAuthConfig {
  const { grant, callbackPort, algorithm } = oauth;
  const optional = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : change(text);
  return {
    grant,
    callbackPort,
    algorithm,
    clientId: optional(oauth.clientId),
    clientSecret: optional(oauth.clientSecret),
    privateKey: optional(oauth.privateKey),
    issuer: optional(oauth.issuer),
    scope: optional(oauth.scope),
  };
}
