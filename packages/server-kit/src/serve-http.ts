import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import { isIPv6 } from 'node:net';
import {
  localhostHostValidation,
  localhostOriginValidation,
  NodeStreamableHTTPServerTransport,
  toNodeHandler,
  toWebRequest,
} from '@modelcontextprotocol/node';
import type { McpServer, ServerEventBus } from '@modelcontextprotocol/server';
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { tellingChanges } from './changes.ts';
import { errorMessage } from './errors.ts';
import type { Endpoints } from './http-request.ts';
import {
  pathOf,
  readJson,
  refuse,
  refuseCredentials,
  refuseHost,
  refuseTarget,
  SESSION_NOT_FOUND,
} from './http-request.ts';
import { log } from './log.ts';
import type { LegacySse } from './legacy-sse.ts';
import { createLegacySse } from './legacy-sse.ts';
import { requireTokenBeyondLoopback } from './loopback.ts';
import { SessionMap } from './session-map.ts';

const INTERNAL_ERROR = -32_603;

const MCP_ENDPOINT: Endpoints = { '/mcp': ['POST', 'GET', 'DELETE'] };
const SSE_ENDPOINTS: Endpoints = { '/sse': ['GET'], '/messages': ['POST'] };

export interface HttpOptions {
  /** Address to listen on. Requests must name a loopback host whatever it is: see the Host and Origin checks. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Also serves the older HTTP+SSE transport, at `/sse` and `/messages`. Default false. */
  readonly sse?: boolean;
  /** What clients have to send as `Authorization: Bearer …`. Default: nothing is asked, of loopback addresses alone. */
  readonly token?: string | undefined;
  /** See `ServerApp.changes`. */
  readonly changes?: ServerEventBus | undefined;
}

export interface HttpConnections {
  /** `http://host:port/mcp`, with the port that was taken. */
  readonly url: string;
  /** `http://host:port/sse`, when that is served. */
  readonly sseUrl: string | undefined;
  close(): Promise<void>;
}

/**
 * Serves streamable HTTP at `/mcp` to both protocol eras: clients of 2026-07-28 without sessions, earlier ones with
 * a session each, because only a session can carry what those servers ask of their clients.
 *
 * @throws {SettingsError} For a `host` that others may reach without a `token`.
 */
export async function serveHttp(
  createServer: () => McpServer,
  options: HttpOptions,
): Promise<HttpConnections> {
  requireTokenBeyondLoopback(options.host, options.token);
  const modern = createMcpHandler(createServer, {
    legacy: 'reject',
    ...(options.changes && { bus: options.changes }),
  });
  const sessions: Sessions = new SessionMap();
  const createTelling = tellingChanges(createServer, options.changes);
  const sse = options.sse === true ? createLegacySse(createTelling) : undefined;
  const answer = createAnswer({ createServer: createTelling, modern: toNodeHandler(modern), sessions, sse });
  const check = createCheck(options);

  const http = createHttpServer((request, response) => {
    if (!check(request, response)) return;
    answer(request, response).catch((error: unknown) => {
      log.error(errorMessage(error));
      if (response.headersSent) response.destroy();
      else refuse(response, { status: 500, code: INTERNAL_ERROR, message: 'Internal error' });
    });
  });
  const origin = `http://${urlHost(options.host)}:${await listen(http, options)}`;
  const url = `${origin}/mcp`;
  const sseUrl = sse && `${origin}/sse`;
  log.info(`listens at ${url}${sseUrl ? ` and ${sseUrl}` : ''}`);

  return {
    url,
    sseUrl,
    async close() {
      const closed = new Promise((resolve) => http.close(resolve));
      await Promise.allSettled([modern.close(), sessions.close(), sse?.close()]);
      http.closeAllConnections();
      await closed;
    },
  };
}

async function listen(http: Server, { host, port }: HttpOptions): Promise<number> {
  http.listen(port, host);
  try {
    await once(http, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reason = code === 'EADDRINUSE' ? 'something listens there already' : errorMessage(error);
    const flag = code === 'EADDRINUSE' || code === 'EACCES' ? '--port' : '--host';
    throw new Error(`cannot listen on port ${port} of ${host}: ${reason}. Choose another with ${flag}.`, {
      cause: error,
    });
  }
  const address = http.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** IPv6 addresses stand in brackets in a URL. */
function urlHost(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/** Answers what is refused whatever it asks for, and says whether to go on. */
function createCheck({
  sse,
  token,
}: HttpOptions): (request: IncomingMessage, response: ServerResponse) => boolean {
  const hostIsLocal = localhostHostValidation();
  const originIsLocal = localhostOriginValidation();
  const endpoints = { ...MCP_ENDPOINT, ...(sse === true && SSE_ENDPOINTS) };

  return (request, response) => {
    const notHost = refuseHost(request);
    if (notHost !== undefined) {
      refuse(response, notHost);
      return false;
    }
    if (!hostIsLocal(request, response) || !originIsLocal(request, response)) return false;
    const refusal = refuseCredentials(request, token) ?? refuseTarget(request, endpoints);
    if (refusal !== undefined) refuse(response, refusal);
    return refusal === undefined;
  };
}

type Sessions = SessionMap<NodeStreamableHTTPServerTransport>;

interface Backends {
  readonly createServer: () => McpServer;
  readonly modern: ReturnType<typeof toNodeHandler>;
  readonly sessions: Sessions;
  readonly sse: LegacySse | undefined;
}

function createAnswer({
  createServer,
  modern,
  sessions,
  sse,
}: Backends): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const path = pathOf(request);
    if (path === '/sse') return sse?.open(response);
    const read = await readJson(request);
    if ('refusal' in read) return refuse(response, read.refusal);
    const { body } = read;
    if (path === '/messages') {
      const refusal = sse?.deliver(request, response, body);
      return refusal && refuse(response, refusal);
    }
    if (!(await isLegacyRequest(await toWebRequest(request, body)))) {
      return modern(request, response, body);
    }
    const session = await findSession(createServer, sessions, request.headers['mcp-session-id']);
    if (session !== undefined) return session.handleRequest(request, response, body);
    return refuse(response, { status: 404, code: SESSION_NOT_FOUND, message: 'Session not found' });
  };
}

/** The session of this id, a new one for a request without an id, nothing for one that is over. */
async function findSession(
  createServer: () => McpServer,
  sessions: Sessions,
  id: string | readonly string[] | undefined,
): Promise<NodeStreamableHTTPServerTransport | undefined> {
  if (id === undefined) return openSession(createServer, sessions);
  return typeof id === 'string' ? sessions.get(id) : undefined;
}

async function openSession(
  createServer: () => McpServer,
  sessions: Sessions,
): Promise<NodeStreamableHTTPServerTransport> {
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => sessions.add(id, transport),
  });
  transport.onclose = () => sessions.delete(transport.sessionId ?? '');
  await createServer().connect(transport);
  return transport;
}
