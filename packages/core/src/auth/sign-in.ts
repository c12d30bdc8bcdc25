import { randomBytes } from 'node:crypto';
import { auth, validateAuthorizationResponseIssuer } from '@modelcontextprotocol/client';
import { printable } from '../untrusted-text.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { isPrivate } from './private-address.ts';
import { listenForCallback } from './callback-listener.ts';
import type { Grant } from './grant-store.ts';
import { OAuthClient } from './oauth-client.ts';
import type { RenewalOptions, Wanted } from './renewal.ts';

/** Where a user signs in to a server. */
export interface SignInRequest {
  readonly server: string;
  /** For a browser on this machine: `https:`, or `http:` on this machine itself. */
  readonly url: string;
}

/**
 * Opens an address in the user's browser, or shows it. It may wait as long as it shows it: `signal` ends with the
 * sign-in. What it throws ends the sign-in.
 */
export type Authorize = (request: SignInRequest, signal: AbortSignal) => void | Promise<void>;

export interface SignInOptions extends RenewalOptions {
  readonly server: string;
  readonly authorize: Authorize;
}

/** How long a user may take for signing in, in milliseconds. */
const SIGN_IN_MS = 300_000;

/**
 * Has the user sign in, in a browser: authorization code with PKCE, brought back to this machine. The state and the
 * issuer of what comes back are checked (RFC 9207). Throws with the reason when that comes to nothing.
 */
export async function signIn(
  { resourceMetadataUrl, scope }: Wanted,
  { server, url, oauth, identity, authorize }: SignInOptions,
  closing: AbortSignal,
): Promise<Grant> {
  await using callback = await listenForCallback(oauth.callbackPort, identity.name);
  const state = randomBytes(32).toString('base64url');
  const client = new OAuthClient({ oauth, identity, redirectUrl: callback.url }, state);
  const flow = {
    serverUrl: url,
    fetchFn: boundedFetch,
    forceReauthorization: true,
    ...(resourceMetadataUrl ? { resourceMetadataUrl } : {}),
    ...(scope === undefined ? {} : { scope }),
  };
  await auth(client, flow);
  const address = checkedAddress(client.address);

  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, closing, AbortSignal.timeout(SIGN_IN_MS)]);
  try {
    const answer = callback.answerTo(state);
    const params = await untilAborted(
      Promise.race([answer, shown(authorize, { server, url: address.href }, signal)]),
      signal,
    );
    const code = codeOf(params, client);
    const iss = params.get('iss');
    await auth(client, { ...flow, authorizationCode: code, ...(iss === null ? {} : { iss }) });
  } finally {
    over.abort(new Error('the sign-in is over'));
  }
  if (!client.grant) throw new Error('the authorization server gave no token');
  return client.grant;
}

/** Never more than what a browser is for: an address is made of what a server says, and opening it may run programs. */
function checkedAddress(address: URL | undefined): URL {
  if (!address) throw new Error('the authorization server gave no address to sign in at');
  if (isPrivate(address)) return address;
  throw new Error(`it would be at ${printable(address.origin)}, which is not https`);
}

/** Rejects when showing the address fails, and stays open when it does not. */
function shown(authorize: Authorize, request: SignInRequest, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    Promise.resolve()
      .then(() => authorize(request, signal))
      .catch(reject);
  });
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void =>
      reject(
        signal.reason?.name === 'TimeoutError'
          ? new Error('nobody signed in within five minutes')
          : signal.reason,
      );
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Who answers is looked at before what is answered: the words of another issuer are not for this user. */
function codeOf(params: URLSearchParams, client: OAuthClient): string {
  const code = params.get('code');
  if (code !== null) return code;
  const metadata = client.discoveryState()?.authorizationServerMetadata;
  validateAuthorizationResponseIssuer({
    iss: params.get('iss') ?? undefined,
    expectedIssuer: metadata?.issuer,
    issParameterSupported: metadata?.authorization_response_iss_parameter_supported === true,
  });
  const said = [params.get('error') ?? 'no code came back', params.get('error_description')];
  throw new Error(said.filter((text) => text !== null).join(': '));
}
