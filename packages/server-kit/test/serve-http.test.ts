import { once } from 'node:events';
import type { IncomingHttpHeaders, RequestOptions } from 'node:http';
import { request } from 'node:http';
import { connect } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { McpServer } from '@modelcontextprotocol/server';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { addTool, READ_ONLY } from '../src/index.ts';
import type { HttpConnections } from '../src/serve-http.ts';
import { serveHttp } from '../src/serve-http.ts';
import { handshake, startFixture } from './fixtures/process.ts';

const info = { name: 'test', version: '1' };
const headers = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

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
  return server;
}

let server: HttpConnections;

beforeEach(async () => {
  server = await serveHttp(createServer, { host: '127.0.0.1', port: 0 });
});
afterEach(() => server.close());

async function send(
  options: RequestOptions & { body?: string },
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; text: string }> {
  const { body, ...rest } = options;
  const sent = request(server.url, { headers, method: 'POST', ...rest }).end(body);
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, headers: response.headers, text };
}

describe('clients', () => {
  test.for(['legacy', 'modern'] as const)('of the current SDK call a tool in the %s era', async (era) => {
    const client = new Client(info, {
      versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' },
    });
    await client.connect(new StreamableHTTPClientTransport(new URL(server.url)));
    expect(client.getProtocolEra()).toBe(era);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, a) => client.callTool({ name: 'add', arguments: { a, b: 1 } })),
    );
    expect(answers.map(({ structuredContent }) => structuredContent)).toEqual(
      Array.from({ length: 20 }, (_, a) => ({ sum: a + 1 })),
    );
    await client.close();
  });

  test('of the earlier SDK call a tool, and end their session', async () => {
    const client = new ClientV1(info);
    const transport = new TransportV1(new URL(server.url));
    await client.connect(transport);
    expect((await client.callTool({ name: 'add', arguments: { a: 1, b: 2 } })).structuredContent).toEqual({
      sum: 3,
    });
    const { sessionId } = transport;
    await transport.terminateSession();
    await client.close();
    const late = await send({
      headers: { ...headers, 'mcp-session-id': sessionId },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
    expect(late.status).toBe(404);
  });

  test('have a session each', async () => {
    const transports = [0, 1].map(() => new TransportV1(new URL(server.url)));
    const clients = await Promise.all(
      transports.map(async (transport) => {
        const client = new ClientV1(info);
        await client.connect(transport);
        return client;
      }),
    );
    expect(new Set(transports.map(({ sessionId }) => sessionId)).size).toBe(2);
    await clients[0]?.close();
    expect(await clients[1]?.listTools()).toMatchObject({ tools: [{ name: 'add' }] });
    await clients[1]?.close();
  });
});

describe('a request is refused', () => {
  const body = JSON.stringify(handshake[0]);

  test.for([
    'evil.example',
    'evil.example:3000',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'user@localhost',
    '0.0.0.0',
  ])('with 403 for the Host %s', async (host) => {
    expect(await send({ headers: { ...headers, host }, body })).toMatchObject({ status: 403 });
  });

  test.for(['https://evil.example', 'http://127.0.0.1.evil.example', 'null', 'nonsense'])(
    'with 403 for the Origin %s',
    async (origin) => {
      expect(await send({ headers: { ...headers, origin }, body })).toMatchObject({ status: 403 });
    },
  );

  test('but not for loopback names', async () => {
    for (const host of ['localhost', 'localhost:3000', '127.0.0.1', '[::1]:80']) {
      const origin = 'http://localhost:6274';
      expect(await send({ headers: { ...headers, host, origin }, body })).toMatchObject({ status: 200 });
    }
  });

  test.for(['', '{', 'text', '{"jsonrpc":'])('with 400 for the body %j', async (text) => {
    const answer = await send({ body: text });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32_700 } });
  });

  test.for(['null', '1', '"text"', '[]', '{}', '{"jsonrpc":"1.0"}', '{"jsonrpc":"2.0","id":1}'])(
    'with 400 for %s, which is no message',
    async (text) => {
      expect(await send({ body: text })).toMatchObject({ status: 400 });
    },
  );

  test('with 413 when it is too long, with and without a Content-Length', async () => {
    const long = JSON.stringify({ text: 'x'.repeat(5 * 1024 * 1024) });
    expect(await send({ body: long, headers: { ...headers, 'content-length': long.length } })).toMatchObject({
      status: 413,
    });
    const chunked = await send({ body: long, headers: { ...headers, 'transfer-encoding': 'chunked' } });
    expect(chunked).toMatchObject({ status: 413 });
    expect(JSON.parse(chunked.text).error.message).toBe('The request is longer than 4194304 bytes');
  });

  test('with 404 for an unknown session', async () => {
    for (const method of ['POST', 'GET', 'DELETE']) {
      const unknown = { ...headers, 'mcp-session-id': 'nobody' };
      const text = method === 'POST' ? JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }) : '';
      const answer = await send({ method, headers: unknown, body: text });
      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.text).error).toEqual({ code: -32_001, message: 'Session not found' });
    }
  });

  test.for(['/', '/other', '/mcp/x', '//', '/mcp/../x'])('with 404 at %s', async (path) => {
    expect(await send({ path, body })).toMatchObject({ status: 404 });
  });

  test.for(['PUT', 'OPTIONS', 'PATCH'])('with 405 for %s', async (method) => {
    const answer = await send({ method, body });
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST, GET, DELETE' } });
  });

  test('with 400 for a call without a session', async () => {
    const call = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    expect(await send({ body: call })).toMatchObject({ status: 400 });
  });
});

test('a client that breaks off in the middle of a request does no harm', async () => {
  const { port } = new URL(server.url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{"half":');
  socket.destroy();
  await once(socket, 'close');
  expect(await send({ body: JSON.stringify(handshake[0]) })).toMatchObject({ status: 200 });
});

test('sessions that nobody ended do not pile up: the one unused for longest goes', async () => {
  const open = async () => {
    const answer = await send({ body: JSON.stringify(handshake[0]) });
    return String(answer.headers['mcp-session-id']);
  };
  const list = (session: string) =>
    send({
      headers: { ...headers, 'mcp-session-id': session },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
  const [first, second] = [await open(), await open()];
  for (let count = 2; count < 1000; count += 1) await open();
  expect((await list(first)).status).toBe(200);
  const last = await open();
  expect([(await list(first)).status, (await list(second)).status, (await list(last)).status]).toEqual([
    200, 404, 200,
  ]);
});

test('closing ends open streams and stops listening', async () => {
  const own = await serveHttp(createServer, { host: '127.0.0.1', port: 0 });
  const client = new Client(info);
  const transport = new StreamableHTTPClientTransport(new URL(own.url));
  await client.connect(transport);
  const stream = request(own.url, {
    headers: { accept: 'text/event-stream', 'mcp-session-id': transport.sessionId },
  });
  stream.on('error', () => undefined).end();
  await own.close();
  await expect(fetch(own.url)).rejects.toThrow('fetch failed');
  await client.close();
});

test('an address that is none of this machine is a clear error', async () => {
  // 203.0.113.0/24 is for documentation (RFC 5737).
  await expect(serveHttp(createServer, { host: '203.0.113.1', port: 0, token: 'secret' })).rejects.toThrow(
    /^cannot listen on port 0 of 203\.0\.113\.1: .* Choose another with --host\.$/u,
  );
});

test.for(['0.0.0.0', '::', '192.168.1.5', 'example.test'])(
  'an address that others may reach needs a token: %s',
  async (host) => {
    await expect(serveHttp(createServer, { host, port: 0 })).rejects.toThrow(
      `--host ${host} lets others on the network call every tool: set MCP_TOKEN to what they have to send, or listen on 127.0.0.1`,
    );
  },
);

test.for([{ host: 'localhost' }, { host: '127.0.0.2' }, { host: '0.0.0.0', token: 'secret' }])(
  'is listened on: %o',
  async (options) => {
    const own = await serveHttp(createServer, { ...options, port: 0 });
    expect(own.url).toMatch(/^http:.*:\d+\/mcp$/u);
    await own.close();
  },
);

test('a program that others may reach without a token ends with 2', async () => {
  const ended = await startFixture(['--http', '--host', '0.0.0.0', '--port', '0']).ended;
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(
    /^closing starts\nclosed\nfixture: --host 0\.0\.0\.0 lets others .*\nfixture: See --help\.\n$/u,
  );
});

test('a port that is taken is a clear error', async () => {
  const { port } = new URL(server.url);
  const options = { host: '127.0.0.1', port: Number(port) };
  await expect(serveHttp(createServer, options)).rejects.toThrow(
    `cannot listen on port ${port} of 127.0.0.1: something listens there already. Choose another with --port.`,
  );
  const ended = await startFixture(['--http', '--port', port]).ended;
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toBe(
    `closing starts\nclosed\nfixture: cannot listen on port ${port} of 127.0.0.1: something listens there already. Choose another with --port.\n`,
  );
});

test('a program with --http serves until SIGTERM, whatever becomes of its input', async () => {
  const program = startFixture(['--http', '--port', '0']);
  program.endInput();
  await program.shows('stderr', '/mcp\n');
  const client = new Client(info);
  const [, url = ''] = /listens at (\S+)/.exec(program.stderr()) ?? [];
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  expect(await client.callTool({ name: 'echo', arguments: { text: 'abc' } })).toMatchObject({
    structuredContent: { length: 3 },
  });
  program.child.kill('SIGTERM');
  const ended = await program.ended;
  expect(ended).toMatchObject({ code: 0, signal: null, stdout: '' });
  expect(ended.stderr).toContain('closed\n');
  await client.close();
});

test('with --end-with-input it ends with the program that started it', async () => {
  const program = startFixture(['--http', '--port', '0', '--end-with-input']);
  await program.shows('stderr', '/mcp\n');
  program.endInput();
  expect(await program.ended).toMatchObject({ code: 0, signal: null, stdout: '' });
});
