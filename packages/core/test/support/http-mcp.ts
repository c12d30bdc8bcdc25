import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TransportConfig } from '../../src/config/host-config.ts';

/** What a fault answers instead: a status with a body of some type. */
export interface HttpAnswer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
  /** Does with the connection what no status can say, in place of the rest. */
  readonly misbehave?: (response: ServerResponse) => void;
}

export interface HttpMcpOptions {
  /** Takes a request before the usual answers do. `method` is of the message, or of HTTP where there is no message. */
  readonly intercept?: (method: string, request: IncomingMessage) => HttpAnswer | undefined;
  /** `sse` has the two endpoints of HTTP+SSE at the same address; a POST to it is answered by 405. */
  readonly speaks?: 'streamable' | 'sse';
  readonly port?: number;
  /** What it says that it has besides tools, which it does not. */
  readonly capabilities?: object;
}

export interface HttpMcp extends AsyncDisposable {
  readonly config: TransportConfig;
  readonly port: number;
  /** Every request so far, by the method of its message, else of HTTP. */
  readonly seen: readonly string[];
  /** Loses all sessions, as a server does that is deployed anew. */
  forget(): void;
}

const serverInfo = { name: 'http-server', version: '1' };
const tools = [{ name: 'echo', description: 'Echoes.', inputSchema: { type: 'object' } }];

/** A server of 2025-11-25 with sessions over HTTP, written by hand, so that a test decides about every byte. */
export async function startHttpMcp(options: HttpMcpOptions = {}): Promise<HttpMcp> {
  const { intercept = () => undefined, speaks = 'streamable', capabilities = {} } = options;
  const seen: string[] = [];
  const sessions = new Set<string>();
  let stream: ServerResponse | undefined;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const message: Message = body === '' ? {} : JSON.parse(body);
    const method = message.method ?? request.method ?? '';
    seen.push(method);
    const answer = intercept(method, request);
    if (answer) {
      if (answer.misbehave) return answer.misbehave(response);
      response.writeHead(answer.status, { 'content-type': answer.type ?? 'text/plain' }).end(answer.body);
      return;
    }
    if (speaks === 'sse') return handleSse(request, response, message);
    handleStreamable(request, response, message);
  }

  function handleStreamable(request: IncomingMessage, response: ServerResponse, message: Message): void {
    const session = String(request.headers['mcp-session-id'] ?? '');
    if (request.method === 'DELETE') {
      sessions.delete(session);
      response.writeHead(200).end();
    } else if (request.method === 'GET') response.writeHead(405).end();
    else if (message.method !== 'initialize' && !sessions.has(session))
      response.writeHead(404).end('no session');
    else if (message.id === undefined) response.writeHead(202).end();
    else {
      const id = session === '' ? randomUUID() : session;
      sessions.add(id);
      const headers = { 'content-type': 'application/json', 'mcp-session-id': id };
      response.writeHead(200, headers).end(JSON.stringify(reply(message, capabilities)));
    }
  }

  function handleSse(request: IncomingMessage, response: ServerResponse, message: Message): void {
    if (request.method === 'GET') {
      stream = response.writeHead(200, { 'content-type': 'text/event-stream' });
      stream.write('event: endpoint\ndata: /messages\n\n');
    } else if (request.url !== '/messages') response.writeHead(405).end();
    else {
      response.writeHead(202).end();
      if (message.id !== undefined)
        stream?.write(`event: message\ndata: ${JSON.stringify(reply(message, capabilities))}\n\n`);
    }
  }

  const http = createServer((request, response) => void handle(request, response));
  await listen(http, options.port ?? 0);
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    config: { kind: 'http', url: new URL(`http://127.0.0.1:${port}/mcp`), headers: {} },
    port,
    seen,
    forget: () => sessions.clear(),
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly arguments?: unknown };
}

function reply({ id, method, params }: Message, capabilities: object): object {
  const result = {
    initialize: {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {}, ...capabilities },
      serverInfo,
    },
    'tools/list': { tools },
    'tools/call': { content: [{ type: 'text', text: JSON.stringify(params?.arguments) }] },
    ping: {},
  }[method ?? ''];
  return result
    ? { jsonrpc: '2.0', id, result }
    : { jsonrpc: '2.0', id, error: { code: -32_601, message: 'Method not found' } };
}

async function listen(http: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', resolve);
  });
}
