// The physical limit: JSON-RPC by hand over a pipe, or a bare request on a kept-alive connection. Nothing is checked.
import { spawn } from 'node:child_process';

const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

export async function connect(servers, { onReady } = {}) {
  const links = new Map();
  await Promise.allSettled(
    servers.map(async (server) => {
      const link = server.url ? await http(server) : pipe(server);
      links.set(server.name, link);
      if (server.era !== 'modern') {
        await link.request('initialize', {
          protocolVersion: '2025-11-25',
          capabilities: {},
          clientInfo: { name: 'bench', version: '1' },
        });
        void link.notify('notifications/initialized');
      }
      link.meta = server.era === 'modern' ? { _meta: MODERN_META } : {};
      link.tools = (await link.request('tools/list', link.meta)).tools;
      onReady?.(server.name);
    }),
  );
  return {
    definitions: () => [...links.values()].flatMap(({ tools = [] }) => tools),
    async call(server, name, args) {
      const link = links.get(server);
      const { content } = await link.request('tools/call', { name, arguments: args, ...link.meta });
      return content[0].text;
    },
    close: () => Promise.all([...links.values()].map((link) => link.close())),
  };
}

function pipe({ command, args, env }) {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const pending = new Map();
  const closed = new Promise((resolve) => child.once('close', resolve));
  let next = 0;
  let parts = [];
  child.stdout.on('data', (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const piece = chunk.subarray(start, end);
      const line = parts.length === 0 ? piece : Buffer.concat([...parts, piece]);
      parts = [];
      start = end + 1;
      const { id, result } = JSON.parse(line.toString());
      pending.get(id)?.(result);
      pending.delete(id);
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  });
  return {
    request(method, params) {
      const id = next++;
      return new Promise((resolve) => {
        pending.set(id, resolve);
        child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
      });
    },
    notify: (method) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method })}\n`),
    async close() {
      child.stdin.end();
      const kill = setTimeout(() => child.kill(), 2000);
      await closed;
      clearTimeout(kill);
    },
  };
}

async function http({ url }) {
  const { Agent, request } = await import('node:http');
  const agent = new Agent({ keepAlive: true });
  const { hostname, port, pathname } = new URL(url);
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const post = (message) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(message);
      const options = { agent, method: 'POST', hostname, port, path: pathname };
      const sent = request({
        ...options,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      });
      sent.once('error', reject);
      sent.once('response', (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.once('end', () => {
          const text = (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)).toString();
          if (text === '') return resolve(undefined);
          const json = text.startsWith('{')
            ? text
            : text.slice(text.indexOf('data: ') + 6, text.lastIndexOf('\n\n'));
          resolve(JSON.parse(json).result);
        });
      });
      sent.end(body);
    });
  let next = 0;
  return {
    request: (method, params) => post({ jsonrpc: '2.0', id: next++, method, params }),
    notify: (method) => post({ jsonrpc: '2.0', method }),
    close: async () => agent.destroy(),
  };
}
