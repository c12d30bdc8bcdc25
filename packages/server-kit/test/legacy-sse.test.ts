import { once } from 'node:events';
import type { RequestOptions } from 'node:http';
import { request } from 'node:http';
import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { McpServer } from '@modelcontextprotocol/server';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/sse.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { addTool, READ_ONLY } from '../src/index.ts';
import type { HttpConnections } from '../src/serve-http.ts';
import { serveHttp } from '../src/serve-http.ts';
import { handshake, startFixture } from './fixtures/process.ts';

const info = { name: 'test', version: '1' };
const cancelled = Promise.withResolvers<void>();

function createServer(): McpServer {
  const server = new McpServer(info);
  addTool(server, {
    name: 'add',
    title: 'Add',
    description: 'Adds',
    input: z.object({ a: z.number(), b: z.number() }),
    output: z.object({ sum: z.number() }),
    hints: READ_ONLY,
    run: ({ a, b }) => ({ structured: { sum: a + b }, text: `${a + b}` }),
  });
  addTool(server, {
    name: 'wait',
    title: 'Wait',
    description: 'Waits until it is cancelled',
    input: z.object({}),
    output: z.object({}),
    hints: READ_ONLY,
    async run(_input, { signal }) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      cancelled.resolve();
      return { structured: {}, text: '' };
    },
  });
  return server;
}

let server: HttpConnections;
let sse: URL;

async function start(options: { token?: string } = {}): Promise<void> {
  server = await serveHttp(createServer, { host: '127.0.0.1', port: 0, sse: true, ...options });
  sse = new URL(server.sseUrl ?? '');
}
beforeEach(() => start());
afterEach(() => server.close());

interface Answer {
  readonly status: number | undefined;
  readonly challenge: string | undefined;
  readonly text: string;
}

interface Sending extends RequestOptions {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

async function send(path: string, { body, ...rest }: Sending = {}): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...rest.headers };
  const sent = request(new URL(path, sse), { method: 'POST', ...rest, headers }).end(body);
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, challenge: response.headers['www-authenticate'], text };
}

interface OpenStream {
  /** Where its messages go to. */
  readonly endpoint: string;
  readonly end: () => Promise<void>;
}

/** Opens a stream by hand. */
async function openStream(): Promise<OpenStream> {
  const sent = request(sse, { headers: { accept: 'text/event-stream' } }).end();
  const [response] = await once(sent, 'response');
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  // Tearing down the stream is an error of the response.
  response.on('error', () => undefined);
  const [chunk] = await once(response, 'data');
  const [, endpoint = ''] = /^event: endpoint\ndata: (.+)\n\n$/u.exec(String(chunk)) ?? [];
  return {
    endpoint,
    end() {
      sent.destroy();
      return closed;
    },
  };
}

const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });

describe('clients', () => {
  test('of the earlier SDK call tools', async () => {
    const client = new ClientV1(info);
    await client.connect(new TransportV1(sse));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, a) => client.callTool({ name: 'add', arguments: { a, b: 1 } })),
    );
    expect(answers.map(({ structuredContent }) => structuredContent)).toEqual(
      Array.from({ length: 20 }, (_, a) => ({ sum: a + 1 })),
    );
    await client.close();
  });

  test.for(['legacy', 'auto'] as const)('of the current SDK call tools in mode %s', async (mode) => {
    const client = new Client(info, { versionNegotiation: { mode } });
    await client.connect(new SSEClientTransport(sse));
    expect(client.getProtocolEra()).toBe('legacy');
    const answer = await client.callTool({ name: 'add', arguments: { a: 1, b: 2 } });
    expect(answer.structuredContent).toEqual({ sum: 3 });
    await client.close();
  });

  test('are served beside those of streamable HTTP', async () => {
    const old = new ClientV1(info);
    const current = new Client(info);
    await old.connect(new TransportV1(sse));
    await current.connect(new StreamableHTTPClientTransport(new URL(server.url)));
    expect((await old.listTools()).tools.map(({ name }) => name)).toEqual(['add', 'wait']);
    expect((await current.listTools()).tools.map(({ name }) => name)).toEqual(['add', 'wait']);
    await old.close();
    await current.close();
  });

  test('have a server each, and one that leaves does not end the others', async () => {
    const clients = [new ClientV1(info), new ClientV1(info)];
    await Promise.all(clients.map((client) => client.connect(new TransportV1(sse))));
    await clients[0]?.close();
    expect((await clients[1]?.listTools())?.tools).toHaveLength(2);
    await clients[1]?.close();
  });

  test('can cancel a call', async () => {
    const client = new ClientV1(info);
    await client.connect(new TransportV1(sse));
    const stop = new AbortController();
    const call = client.callTool({ name: 'wait' }, undefined, { signal: stop.signal });
    await client.ping();
    stop.abort('enough');
    await expect(call).rejects.toThrow('enough');
    await cancelled.promise;
    await client.close();
  });
});

describe('a message is refused', () => {
  test('with 404 without a session, for an unknown one and for one whose stream is over', async () => {
    const { endpoint, end } = await openStream();
    expect(await send(endpoint, { body: list })).toMatchObject({ status: 202 });
    await end();
    for (const path of ['/messages', '/messages?sessionId=nobody']) {
      expect(await send(path, { body: list })).toMatchObject({ status: 404 });
    }
    await expect.poll(async () => (await send(endpoint, { body: list })).status).toBe(404);
  });

  test.for(['', '{', 'null', '[]', '{}', '"text"', `[${list}]`])('with 400 for %j', async (body) => {
    const { endpoint, end } = await openStream();
    const answer = await send(endpoint, { body });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ jsonrpc: '2.0', id: null });
    expect(await send(endpoint, { body: list })).toMatchObject({ status: 202 });
    await end();
  });

  test('with 415 when it does not say that it is JSON', async () => {
    const { endpoint, end } = await openStream();
    const headers = { 'content-type': 'text/plain' };
    expect(await send(endpoint, { body: list, headers })).toMatchObject({ status: 415 });
    await end();
  });

  test('with 413 when it is too long', async () => {
    const { endpoint, end } = await openStream();
    const body = JSON.stringify({ text: 'x'.repeat(5 * 1024 * 1024) });
    expect(await send(endpoint, { body })).toMatchObject({ status: 413 });
    await end();
  });

  test('with 405 for the wrong method, and 404 for another path', async () => {
    expect(await send('/sse', { body: list })).toMatchObject({ status: 405 });
    expect(await send('/messages', { method: 'GET' })).toMatchObject({ status: 405 });
    expect(JSON.parse((await send('/other')).text).error.message).toBe(
      'MCP is served at /mcp and /sse and /messages',
    );
  });
});

test.for([{ host: 'evil.example' }, { origin: 'https://evil.example' }, { origin: 'null' }])(
  'a request with %j gets 403',
  async (headers) => {
    for (const [path, method] of [
      ['/sse', 'GET'],
      ['/messages', 'POST'],
    ] as const) {
      expect(await send(path, { method, headers })).toMatchObject({ status: 403 });
    }
  },
);

test('HTTP+SSE is served only when it is asked for', async () => {
  const plain = await serveHttp(createServer, { host: '127.0.0.1', port: 0 });
  expect(plain.sseUrl).toBeUndefined();
  expect((await fetch(new URL('/sse', plain.url))).status).toBe(404);
  await plain.close();
});

test('sessions do not pile up: the one unused for longest is closed', async () => {
  const [first, second] = [await openStream(), await openStream()];
  for (let count = 2; count < 1000; count += 1) await openStream();
  expect((await send(first.endpoint, { body: list })).status).toBe(202);
  await openStream();
  expect((await send(second.endpoint, { body: list })).status).toBe(404);
  expect((await send(first.endpoint, { body: list })).status).toBe(202);
});

describe('with a token', () => {
  const token = 'open-sesame.1~+/==';
  beforeEach(async () => {
    await server.close();
    await start({ token });
  });

  test.for([
    [undefined, 'Bearer realm="mcp"'],
    ['', 'Bearer realm="mcp"'],
    ['Basic b3BlbjpzZXNhbWU=', 'Bearer realm="mcp"'],
    ['Bearer', 'Bearer realm="mcp"'],
    [`Bearer ${token.slice(0, -1)}`, 'Bearer realm="mcp", error="invalid_token"'],
    [`Bearer ${token}x`, 'Bearer realm="mcp", error="invalid_token"'],
    [token, 'Bearer realm="mcp"'],
  ])('the credentials %j are refused everywhere', async ([authorization, challenge]) => {
    const headers = authorization === undefined ? {} : { authorization };
    const body = JSON.stringify(handshake[0]);
    expect(await send('/mcp', { headers, body })).toMatchObject({ status: 401, challenge });
    expect(await send('/messages?sessionId=x', { headers, body })).toMatchObject({ status: 401, challenge });
    expect(await send('/sse', { headers, method: 'GET' })).toMatchObject({ status: 401, challenge });
    expect(await send('/other', { headers })).toMatchObject({ status: 401, challenge });
  });

  test('clients that send it are served', async () => {
    const requestInit = { headers: { authorization: `bearer ${token}` } };
    const old = new ClientV1(info);
    await old.connect(new TransportV1(sse, { requestInit }));
    expect((await old.listTools()).tools).toHaveLength(2);
    await old.close();
    const current = new Client(info);
    const authProvider = { token: async () => token };
    await current.connect(new StreamableHTTPClientTransport(new URL(server.url), { authProvider }));
    expect((await current.listTools()).tools).toHaveLength(2);
    await current.close();
  });
});

describe('a program', () => {
  test('serves HTTP+SSE with --sse, and ends on SIGTERM while a client listens', async () => {
    await using program = startFixture(['--sse', '--port', '0'], { MCP_TOKEN: 'open-sesame' });
    await program.shows('stderr', '/sse\n');
    const [, url = ''] = /listens at http:\S+\/mcp and (\S+)/u.exec(program.stderr()) ?? [];
    const client = new ClientV1(info);
    const requestInit = { headers: { authorization: 'Bearer open-sesame' } };
    await client.connect(new TransportV1(new URL(url), { requestInit }));
    const answer = await client.callTool({ name: 'echo', arguments: { text: 'abc' } });
    expect(answer.structuredContent).toEqual({ length: 3 });
    program.child.kill('SIGTERM');
    const ended = await program.ended;
    expect(ended).toMatchObject({ code: 0, signal: null, stdout: '' });
    expect(ended.stderr).not.toContain('sesame');
    await client.close();
  });

  test('refuses a token that no header can carry, without repeating it', async () => {
    const ended = await startFixture(['--http'], { MCP_TOKEN: 'open sesame\n' }).ended;
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^fixture: MCP_TOKEN: must be letters/u);
    expect(ended.stderr).not.toContain('sesame');
  });
});
