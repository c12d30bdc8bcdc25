import { readFile } from 'node:fs/promises';
import { startHttpServerProcess } from '@patchbay/testing';
import type { ServerRow } from '../../test/support/server-table.ts';
import { startWorld } from '../../test/support/server-table.ts';
import type { Clients, InspectorLoad } from './clients.ts';

/** What a server did under load. */
export interface LoadFigures {
  /** Requests that failed, or were answered with an error. */
  readonly failed: number;
  readonly answered: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Resident memory in the middle and at the end, in MB. */
  readonly middleMb: number;
  readonly endMb: number;
}

/** Which server, with which world and tools, and for how long it is loaded, in seconds. */
interface Load {
  readonly main: URL;
  readonly row: ServerRow;
  readonly seconds: number;
}

/** The server's own first tool, called as clients of 2026-07-28 do. */
export async function loadServer(clients: Clients, { main, row, seconds }: Load): Promise<LoadFigures> {
  const [name, { good }] = Object.entries(row.tools)[0] ?? ['', { good: {} }];
  await using world = await startWorld(row);
  const args = ['--http', '--end-with-input', ...(row.args ?? [])];
  await using server = await startHttpServerProcess({ main, args, env: world.env });
  const request = { url: server.url, name, args: good };
  // Warm first: compiled code and caches are no leak.
  await send(clients, request, Math.max(1, Math.round(seconds / 4)));
  const half = Math.max(1, Math.round(seconds / 2));
  const first = await send(clients, request, half);
  const middleMb = await memoryOf(server.pid);
  const second = await send(clients, request, half);
  return {
    failed: first.failed + second.failed,
    answered: first.answered + second.answered,
    perSecond: Math.round((first.perSecond + second.perSecond) / 2),
    p50Ms: second.p50Ms,
    p99Ms: second.p99Ms,
    middleMb,
    endMb: await memoryOf(server.pid),
  };
}

/** The same tool, called by the Inspector over one connection of an era: twice half of the time. */
export async function loadByInspector(
  clients: Clients,
  { main, row, seconds, era }: Load & { readonly era: 'modern' | 'legacy' },
): Promise<LoadFigures> {
  const [name, { good }] = Object.entries(row.tools)[0] ?? ['', { good: {} }];
  await using world = await startWorld(row);
  const args = ['--http', '--end-with-input', ...(row.args ?? [])];
  await using server = await startHttpServerProcess({ main, args, env: world.env });
  const target = ['--server-url', server.url.href, '--transport', 'http', '--protocol-era', era];
  const call = ['--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(good)];
  const load = ['--load', '--load-concurrency', '64', '--load-duration', String(Math.ceil(seconds / 2))];
  const half = async (): Promise<InspectorLoad> => clients.loadByInspector([...target, ...call, ...load]);
  const first = await half();
  const middleMb = await memoryOf(server.pid);
  const second = await half();
  return {
    failed: first.errors + first.toolErrors + second.errors + second.toolErrors,
    answered: first.ok + second.ok,
    perSecond: Math.round((first.throughput + second.throughput) / 2),
    p50Ms: second.latencyMs.p50,
    p99Ms: second.latencyMs.p99,
    middleMb,
    endMb: await memoryOf(server.pid),
  };
}

interface Request {
  readonly url: URL;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

type Sent = Omit<LoadFigures, 'middleMb' | 'endMb'>;

async function send(clients: Clients, { url, name, args }: Request, seconds: number): Promise<Sent> {
  const version = '2026-07-28';
  const prefix = 'io.modelcontextprotocol';
  const report = await clients.load(url, {
    seconds,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': version,
      'mcp-method': 'tools/call',
      'mcp-name': name,
    },
    body: {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name,
        arguments: args,
        _meta: {
          [`${prefix}/protocolVersion`]: version,
          [`${prefix}/clientInfo`]: { name: 'load', version: '1' },
          [`${prefix}/clientCapabilities`]: {},
        },
      },
    },
  });
  return {
    failed: report.errors + report.timeouts + report.non2xx,
    answered: report['2xx'],
    perSecond: report.requests.average,
    p50Ms: report.latency.p50,
    p99Ms: report.latency.p99,
  };
}

/** Linux tells; elsewhere it is not known. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmRSS:\s+(\d+)/u.exec(status)?.[1] ?? 0) / 1024);
}
