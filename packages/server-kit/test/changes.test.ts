import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { ServerEvent } from '@modelcontextprotocol/server';
import { InMemoryServerEventBus, InMemoryTransport, McpServer } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { tellingChanges } from '../src/changes.ts';
import { addTool, READ_ONLY } from '../src/index.ts';
import type { HttpConnections } from '../src/serve-http.ts';
import { serveHttp } from '../src/serve-http.ts';

const info = { name: 'test', version: '1' };

/** A bus that knows how many listen. */
class CountingBus extends InMemoryServerEventBus {
  listeners = 0;
  override subscribe(listener: (event: ServerEvent) => void): () => void {
    const stop = super.subscribe(listener);
    this.listeners += 1;
    return () => {
      this.listeners -= 1;
      stop();
    };
  }
}

let tools: string[];
let changes: CountingBus;
let http: HttpConnections;

function createServer(): McpServer {
  const server = new McpServer(info);
  for (const name of tools) {
    addTool(server, {
      name,
      title: name,
      description: name,
      input: z.object({}),
      output: z.object({}),
      hints: READ_ONLY,
      run: () => ({ structured: {}, text: name }),
    });
  }
  return server;
}

beforeEach(async () => {
  tools = ['first'];
  changes = new CountingBus();
  http = await serveHttp(createServer, { host: '127.0.0.1', port: 0, sse: true, changes });
});
afterEach(() => http.close());

const streamable = () => new StreamableHTTPClientTransport(new URL(http.url));
const sse = () => new SSEClientTransport(new URL(http.sseUrl ?? ''));

test.for([
  ['2026-07-28 over HTTP', streamable, { pin: '2026-07-28' }],
  ['2025-11-25 over HTTP', streamable, 'legacy'],
  ['2025-11-25 over HTTP+SSE', sse, 'legacy'],
] as const)('a client of %s is told that the tools changed', async ([, connect, mode]) => {
  let timesTold = 0;
  const client = new Client(info, {
    versionNegotiation: { mode },
    listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => (timesTold += 1) } },
  });
  await client.connect(connect());
  // A client begins to listen some time after it has connected.
  const change = (): number => {
    changes.publish({ kind: 'tools_list_changed' });
    return timesTold;
  };
  await expect.poll(change).toBeGreaterThan(0);
  await client.close();
});

test.for([{ pin: '2026-07-28' }, 'legacy'] as const)(
  'a client over stdio is told that the tools changed, in mode %j',
  async (mode) => {
    const fixture = new URL('fixtures/conformance-server.ts', import.meta.url).pathname;
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: ['--conditions=@patchbay/source', fixture],
      stderr: 'ignore',
    });
    let timesTold = 0;
    const client = new Client(info, {
      versionNegotiation: { mode },
      listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => (timesTold += 1) } },
    });
    await client.connect(transport);
    const change = async (): Promise<number> => {
      await client.callTool({ name: 'test_trigger_tool_change', arguments: {} });
      return timesTold;
    };
    await expect.poll(change).toBeGreaterThan(0);
    await client.close();
  },
);

test('a server that is gone listens no more, and its own handler is still called', async () => {
  let closed = 0;
  const create = tellingChanges(() => {
    const server = createServer();
    server.server.onclose = () => (closed += 1);
    return server;
  }, changes);
  const before = changes.listeners;
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await create().connect(serverSide);
  expect(changes.listeners).toBe(before + 1);
  await clientSide.close();
  expect([changes.listeners, closed]).toEqual([before, 1]);
});

test('what a server has not declared is not told, and an event before its connection does no harm', async () => {
  const messages: unknown[] = [];
  const create = tellingChanges(createServer, changes);
  const server = create();
  changes.publish({ kind: 'tools_list_changed' });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  clientSide.onmessage = (message) => messages.push(message);
  await server.connect(serverSide);
  await clientSide.start();
  for (const kind of ['prompts_list_changed', 'resources_list_changed', 'tools_list_changed'] as const) {
    changes.publish({ kind });
  }
  changes.publish({ kind: 'resource_updated', uri: 'test://x' });
  expect(messages).toEqual([{ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }]);
  await clientSide.close();
});
