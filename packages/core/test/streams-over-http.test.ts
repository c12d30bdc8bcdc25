import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { outcomeText } from '../src/tools.ts';
import { hostOf, startAll } from './support/served.ts';

interface Heard {
  readonly http: string;
  readonly id: number;
  readonly method: string;
  readonly token: number;
  readonly lastEventId: string | undefined;
  readonly path: string;
}

const serverInfo = { name: 'streams', version: '1' };
const greeting = {
  protocolVersion: '2025-11-25',
  capabilities: { tools: { listChanged: true } },
  serverInfo,
};

/** A server of 2025-11-25 that answers as usual where `odd` does not. */
async function serve(
  odd: (heard: Heard, response: ServerResponse) => boolean,
  tools: () => readonly string[] = () => ['echo'],
): Promise<AsyncDisposable & { readonly url: URL }> {
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const message = body === '' ? {} : JSON.parse(body);
    const { id, method = '' } = message;
    const lastEventId = request.headers['last-event-id'] as string | undefined;
    const token = message.params?.['_meta']?.progressToken;
    const heard = { http: request.method ?? '', id, method, token, lastEventId, path: request.url ?? '' };
    if (odd(heard, response)) return;
    if (request.method !== 'POST') return void response.writeHead(405).end();
    if (id === undefined) return void response.writeHead(202).end();
    const answer = usual(method, tools());
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
  }
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as { port: number };
  return {
    url: new URL(`http://127.0.0.1:${address.port}/mcp`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function usual(method: string, tools: readonly string[]): object {
  if (method === 'initialize') return { result: greeting };
  if (method === 'ping') return { result: {} };
  if (method === 'tools/list')
    return { result: { tools: tools.map((name) => ({ name, inputSchema: { type: 'object' } })) } };
  return { error: { code: -32_601, message: 'Method not found' } };
}

function stream(response: ServerResponse, ...events: readonly (object | string)[]): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) {
    response.write(
      typeof event === 'string' ? event : `data: ${JSON.stringify({ jsonrpc: '2.0', ...event })}\n\n`,
    );
  }
  return response;
}

const done = { content: [{ type: 'text', text: 'done' }] };

test('an answer as a stream is read with the progress before it', async () => {
  await using server = await serve(({ id, method, token }, response) => {
    if (method !== 'tools/call') return false;
    const progress = { method: 'notifications/progress', params: { progressToken: token, progress: 1 } };
    stream(response, progress, 'event: other\ndata: {"x":1}\n\n', { id, result: done });
    response.end();
    return true;
  });
  await using host = hostOf({ s: { kind: 'http', url: server.url, headers: {} } });
  await startAll(host);
  const heard: unknown[] = [];
  const outcome = await host.tools.callTool('s__echo', {}, undefined, (each) => heard.push(each));
  expect(outcomeText(outcome)).toBe('done');
  expect(heard).toEqual([{ progress: 1 }]);
});

test('a stream that ends before its answer is taken up again from its last event', async () => {
  let waiting: number | undefined;
  await using server = await serve(({ http, id, method, lastEventId }, response) => {
    if (method === 'tools/call') {
      waiting = id;
      stream(response, 'id: 41\nretry: 5\ndata:\n\n');
      response.end();
      return true;
    }
    if (http !== 'GET' || lastEventId !== '41') return false;
    stream(response, { id: waiting, result: done });
    response.end();
    return true;
  });
  await using host = hostOf({ s: { kind: 'http', url: server.url, headers: {} } });
  await startAll(host);
  expect(outcomeText(await host.tools.callTool('s__echo', {}))).toBe('done');
});

test('a redirect on the same host is followed', async () => {
  await using server = await serve(({ id, method, path }, response) => {
    if (method !== 'tools/call') return false;
    if (path === '/mcp') response.writeHead(307, { location: '/moved' }).end();
    else {
      stream(response, { id, result: done });
      response.end();
    }
    return true;
  });
  await using host = hostOf({ s: { kind: 'http', url: server.url, headers: {} } });
  await startAll(host);
  expect(outcomeText(await host.tools.callTool('s__echo', {}))).toBe('done');
});

test('a server of the older era is listened to, and what it says unasked is taken', async () => {
  let tools = ['echo'];
  let listening: ServerResponse | undefined;
  await using server = await serve(
    ({ http }, response) => {
      if (http !== 'GET') return false;
      listening = response;
      stream(response, ': here\n\n');
      return true;
    },
    () => tools,
  );
  await using host = hostOf({ s: { kind: 'http', url: server.url, headers: {} } });
  await startAll(host);
  await expect.poll(() => listening, { timeout: 10_000 }).toBeDefined();
  tools = ['echo', 'grown'];
  listening?.write('data: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n\n');
  await expect
    .poll(() => host.tools.listTools().map(({ tool }) => tool), { timeout: 10_000 })
    .toEqual(['echo', 'grown']);
});

test('a stream whose last event cannot be named is asked for without it, and no longer than its host lives', async () => {
  const asked: (string | undefined)[] = [];
  const again = Promise.withResolvers<void>();
  await using server = await serve(({ http, lastEventId }, response) => {
    if (http !== 'GET') return false;
    asked.push(lastEventId);
    if (asked.length === 2) again.resolve();
    const retry = asked.length === 1 ? 1 : 3_600_000;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`id: \u4e00\nretry: ${retry}\ndata:\n\n`);
    return true;
  });
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const host = hostOf({ s: { kind: 'http', url: server.url, headers: {} } }, { protocol: 'legacy' });
  const before = timers();
  await startAll(host);
  await again.promise;
  await host[Symbol.asyncDispose]();
  // Nothing waits for the hour after which the server would be asked again.
  expect(timers()).toBeLessThanOrEqual(before);
  expect(asked).toEqual([undefined, undefined]);
});

test('a server that never ends the streams of its answers does not keep all its connections', async () => {
  let open = 0;
  await using server = await serve(({ id, method }, response) => {
    if (method !== 'tools/call') return false;
    open += 1;
    response.once('close', () => (open -= 1));
    stream(response, { id, result: done });
    return true;
  });
  await using host = hostOf({ s: { kind: 'http', url: server.url, headers: {} } });
  await startAll(host);
  for (let calls = 0; calls < 100; calls += 1)
    expect(outcomeText(await host.tools.callTool('s__echo', {}))).toBe('done');
  await expect.poll(() => open, { timeout: 10_000 }).toBeLessThanOrEqual(65);
});

test('a call that was given up keeps no connection, and its stream is not taken up again', async () => {
  const closed = Promise.withResolvers<void>();
  const resumed: string[] = [];
  await using server = await serve(({ http, method, lastEventId }, response) => {
    if (http === 'GET' && lastEventId !== undefined) resumed.push(lastEventId);
    if (method !== 'tools/call') return false;
    response.once('close', closed.resolve);
    stream(response, 'id: 1\nretry: 0\ndata:\n\n');
    return true;
  });
  const limits = { protocol: 'legacy', timeoutMs: 300 } as const;
  await using host = hostOf({ s: { kind: 'http', url: server.url, headers: {} } }, limits);
  await startAll(host);
  expect(outcomeText(await host.tools.callTool('s__echo', {}))).toContain('gave no answer in 0.3 s');
  await closed.promise;
  expect(resumed).toEqual([]);
});

test('a server that is connected anew, or closed, has the calls on its forgotten session ended with it', async () => {
  const held = Promise.withResolvers<void>();
  let calls = 0;
  await using server = await serve(({ http, id, method }, response) => {
    if (method === 'initialize') {
      response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': String(calls) });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result: greeting }));
      return true;
    }
    if (http === 'DELETE') {
      // An answer without an end.
      response.writeHead(200).write('.');
      const more = setInterval(() => response.write('.'), 50);
      response.once('close', () => clearInterval(more));
      return true;
    }
    if (method !== 'tools/call') return false;
    calls += 1;
    if (calls === 1) held.resolve();
    else if (calls === 2) response.writeHead(404).end('forgotten');
    else stream(response, { id, result: done }).end();
    return true;
  });
  const host = hostOf({ s: { kind: 'http', url: server.url, headers: {} } }, { timeoutMs: 600_000 });
  await startAll(host);
  const first = host.tools.callTool('s__echo', {});
  await held.promise;
  expect(outcomeText(await host.tools.callTool('s__echo', {}))).toContain('done');
  await host[Symbol.asyncDispose]();
  expect(outcomeText(await first)).toContain('Its outcome is unknown');
});

test('an address of HTTP+SSE that never says where to send to is down in time', async () => {
  await using server = await serve(({ http }, response) => {
    if (http === 'GET') stream(response, ': hello\n\n');
    else response.writeHead(405).end();
    return true;
  });
  await using host = hostOf({ s: { kind: 'sse', url: server.url, headers: {} } }, { startTimeoutMs: 500 });
  await startAll(host);
  expect(host.servers()[0]?.state).toMatchObject({
    kind: 'down',
    reason: expect.stringContaining('gave no answer in time'),
  });
});

test('a server that asks without end over its stream, and takes no answers, is given up for that', async () => {
  await using server = await serve(({ http, id, method }, response) => {
    if (http === 'POST' && method === '' && id !== undefined) return true;
    if (method !== 'tools/call') return false;
    stream(response);
    const asked = 'data: {"jsonrpc":"2.0","id":1,"method":"ping"}\n\n'.repeat(1000);
    const flood = (): void =>
      void (response.write(asked) ? setImmediate(flood) : response.once('drain', flood));
    response.once('close', () => response.removeAllListeners('drain'));
    flood();
    return true;
  });
  await using host = hostOf({ s: { kind: 'http', url: server.url, headers: {} } }, { protocol: 'legacy' });
  await startAll(host);
  expect(outcomeText(await host.tools.callTool('s__echo', {}))).toContain(
    'it asks without reading the answers',
  );
});
