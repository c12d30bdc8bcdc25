import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { JsonObject } from '../json.ts';
import { isObject, stringOr, valueAt } from '../json.ts';
import type { AuthorizationServer } from './authorization-server.ts';

export interface ProtectedServer extends AsyncDisposable {
  readonly url: string;
  /** How many requests were refused for want of a good token. */
  readonly refusals: number;
  /** Resolves when so many have been, from now on. */
  refused(count: number): Promise<void>;
  /** Who has its tokens checked: another one is another authorization server. */
  issuer: AuthorizationServer;
}

const METADATA = '/.well-known/oauth-protected-resource/mcp';

/**
 * An MCP server of 2025-11-25 over HTTP, without sessions, that lets in whoever has a token of its authorization server.
 * Its tool `echo` gives back its arguments; `admin` does too, for a token with the scope `admin`.
 */
export async function startProtectedServer(authorization: AuthorizationServer): Promise<ProtectedServer> {
  let origin = '';
  let refusals = 0;
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let issuer = authorization;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (request.url === METADATA) {
      const metadata = { resource: `${origin}/mcp`, authorization_servers: [issuer.issuer] };
      return send(response, 200, metadata);
    }
    const message: unknown = body === '' ? {} : JSON.parse(body);
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const scopes = issuer.scopesOf(token);
    if (!scopes) {
      refusals += 1;
      for (const { count, resolve } of waiting) if (refusals >= count) resolve();
      return refuse(response, 401, 'error="invalid_token"');
    }
    if (valueAt(message, 'params', 'name') === 'admin' && !scopes.includes('admin')) {
      return refuse(response, 403, 'error="insufficient_scope", scope="admin"');
    }
    answer(isObject(message) ? message : {}, response);
  }

  function refuse(response: ServerResponse, status: number, why: string): void {
    const challenge = `Bearer ${why}, resource_metadata="${origin}${METADATA}"`;
    response.writeHead(status, { 'www-authenticate': challenge }).end();
  }

  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    url: `${origin}/mcp`,
    get issuer() {
      return issuer;
    },
    set issuer(other) {
      issuer = other;
    },
    get refusals() {
      return refusals;
    },
    refused: (count: number) =>
      new Promise<void>((resolve) => waiting.push({ count: refusals + count, resolve })),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const tools = ['echo', 'admin'].map((name) => ({
  name,
  description: 'Echoes.',
  inputSchema: { type: 'object' },
}));

function answer(message: JsonObject, response: ServerResponse): void {
  const { id, method } = message;
  if (method === undefined) response.writeHead(405).end();
  else if (id === undefined) response.writeHead(202).end();
  else send(response, 200, { jsonrpc: '2.0', id, ...resultOf(stringOr(method, ''), message) });
}

function resultOf(method: string, message: JsonObject): JsonObject {
  switch (method) {
    case 'initialize': {
      const protocolVersion = '2025-11-25';
      const serverInfo = { name: 'protected-server', version: '1' };
      return { result: { protocolVersion, capabilities: { tools: {} }, serverInfo } };
    }
    case 'ping':
      return { result: {} };
    case 'tools/list':
      return { result: { tools } };
    case 'tools/call': {
      const said = JSON.stringify(valueAt(message, 'params', 'arguments') ?? {});
      return { result: { content: [{ type: 'text', text: said }] } };
    }
    default:
      return { error: { code: -32_601, message: 'Method not found' } };
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
