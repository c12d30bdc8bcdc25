import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { IssuedGrants, Refusal } from './issued-grants.ts';

/** What an authorization server does wrong, or at another time. */
export interface AuthorizationServerFaults {
  /** What it says in place of its own issuer when it sends the browser back; `undefined` says nothing. */
  iss?: string | undefined;
  /** The user says no. */
  isDenying?: boolean;
  /** Where it says that users sign in. */
  authorizationEndpoint?: string;
  /** Answers no refresh before this resolves. One whose asker is gone by then has not been used. */
  refreshGate?: Promise<void>;
  /** Answers every token request by HTTP 503. */
  isDown?: boolean;
}

export interface AuthorizationServer extends AsyncDisposable {
  readonly issuer: string;
  /** The grant type of every token request so far. */
  readonly tokenRequests: readonly string[];
  /** The names of the clients that have registered. */
  readonly clientNames: readonly string[];
  readonly faults: AuthorizationServerFaults;
  /** The scopes of an access token that is good. */
  scopesOf(accessToken: string): readonly string[] | undefined;
  /** Ends all access tokens; refresh tokens go on. */
  expireAccess(): void;
  /** Ends everything. */
  revokeAll(): void;
}

interface Client {
  readonly redirectUris: readonly string[];
  readonly secret?: string;
}

/** A client that need not register: `Basic` or in the body, for its own token alone. */
export const KNOWN_CLIENT = { id: 'known-client', secret: 'known-secret' } as const;

/**
 * An OAuth 2.1 authorization server on this machine: metadata, registration, codes with PKCE from a user who always
 * agrees, refresh tokens that work once, client credentials.
 */
export async function startAuthorizationServer(): Promise<AuthorizationServer> {
  const grants = new IssuedGrants();
  const clients = new Map<string, Client>([
    [KNOWN_CLIENT.id, { redirectUris: [], secret: KNOWN_CLIENT.secret }],
  ]);
  const faults: AuthorizationServerFaults = {};
  const tokenRequests: string[] = [];
  let issuer = '';
  const clientNames: string[] = [];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer);
    const body = await text(request);
    switch (pathname) {
      case '/.well-known/oauth-authorization-server':
        return json(response, 200, metadata());
      case '/register':
        return register(body, response);
      case '/authorize':
        return authorize(searchParams, response);
      case '/token':
        return token(request, new URLSearchParams(body), response);
      case '/revoke':
        return revoke(request, new URLSearchParams(body), response);
      default:
        return json(response, 404, { error: 'not_found' });
    }
  }

  function metadata(): object {
    return {
      issuer,
      authorization_endpoint: faults.authorizationEndpoint ?? `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      registration_endpoint: `${issuer}/register`,
      revocation_endpoint: `${issuer}/revoke`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic'],
      authorization_response_iss_parameter_supported: true,
    };
  }

  function register(body: string, response: ServerResponse): void {
    const wanted: { client_name: string; redirect_uris: string[] } = JSON.parse(body);
    const id = randomUUID();
    clientNames.push(wanted.client_name);
    clients.set(id, { redirectUris: wanted.redirect_uris });
    json(response, 201, { ...wanted, client_id: id, token_endpoint_auth_method: 'none' });
  }

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const clientId = query.get('client_id') ?? '';
    const redirectUri = query.get('redirect_uri') ?? '';
    // An address that is not the client's is told nothing.
    if (
      !clients.get(clientId)?.redirectUris.includes(redirectUri) ||
      query.get('code_challenge_method') !== 'S256'
    ) {
      return json(response, 400, { error: 'invalid_request' });
    }
    const back = new URL(redirectUri);
    back.searchParams.set('state', query.get('state') ?? '');
    const iss = 'iss' in faults ? faults.iss : issuer;
    if (iss !== undefined) back.searchParams.set('iss', iss);
    if (faults.isDenying) {
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_description', 'The user said \u001B[31mno');
    } else {
      const challenge = query.get('code_challenge') ?? '';
      const scope = query.get('scope') ?? 'basic';
      back.searchParams.set('code', grants.code({ clientId, redirectUri, challenge, scope }));
    }
    response.writeHead(302, { location: back.href }).end();
  }

  async function token(
    request: IncomingMessage,
    form: URLSearchParams,
    response: ServerResponse,
  ): Promise<void> {
    const grant = form.get('grant_type') ?? '';
    tokenRequests.push(grant);
    if (faults.isDown) return json(response, 503, { error: 'temporarily_unavailable' });
    if (grant === 'refresh_token' && faults.refreshGate) await faults.refreshGate;
    if (request.socket.destroyed) return;
    try {
      json(response, 200, answerTo(grant, form, authenticate(request, form)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      json(response, error.code === 'invalid_client' ? 401 : 400, {
        error: error.code,
        error_description: error.message,
      });
    }
  }

  function revoke(request: IncomingMessage, form: URLSearchParams, response: ServerResponse): void {
    grants.revoke(form.get('token') ?? '', authenticate(request, form));
    response.writeHead(200).end();
  }

  function answerTo(grant: string, form: URLSearchParams, clientId: string): object {
    switch (grant) {
      case 'authorization_code': {
        const redirectUri = form.get('redirect_uri') ?? '';
        const verifier = form.get('code_verifier') ?? '';
        return grants.redeem(form.get('code') ?? '', { clientId, redirectUri, verifier });
      }
      case 'refresh_token':
        return grants.refresh(form.get('refresh_token') ?? '', clientId);
      case 'client_credentials':
        return grants.forClient(clientId, form.get('scope') ?? 'basic');
      default:
        throw new Refusal('unsupported_grant_type', grant);
    }
  }

  /** @throws {Refusal} */
  function authenticate(request: IncomingMessage, form: URLSearchParams): string {
    const [, basic = ''] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const [id = '', secret] =
      basic === '' ? [form.get('client_id') ?? ''] : Buffer.from(basic, 'base64').toString().split(':');
    const client = clients.get(id);
    if (!client || client.secret !== secret) throw new Refusal('invalid_client', 'There is no such client');
    return id;
  }

  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    issuer,
    tokenRequests,
    clientNames,
    faults,
    scopesOf: (accessToken) => grants.scopesOf(accessToken),
    expireAccess: () => grants.expireAccess(),
    revokeAll: () => {
      grants.revokeAll();
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
