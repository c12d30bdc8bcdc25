import { isObject, stringOr } from '../json.ts';
import type { Bridge } from './bridge.ts';
import { CassetteError } from './cassette-error.ts';

/** A server as `mcpServers` of an `mcp.json` has it; what is not named here is kept. */
export interface McpServerEntry {
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly [key: string]: unknown;
}

export type McpServerEntries = Readonly<Record<string, McpServerEntry>>;

export interface Rewriting {
  readonly mode: 'record' | 'replay';
  readonly bridge: Bridge;
  /** Where requests to a channel go. */
  readonly urlOf: (channel: string) => string;
  /** Names of the servers that run for real. */
  readonly live: readonly string[];
}

/** The same servers by way of the cassette. In a replay nothing of a real server is left: no command, no address, no key. */
export function rewriteServers(servers: McpServerEntries, rewriting: Rewriting): McpServerEntries {
  return Object.fromEntries(
    Object.entries(servers).map(([name, entry]) => [
      name,
      rewriting.live.includes(name) ? entry : rewrite(name, entry, rewriting),
    ]),
  );
}

function rewrite(name: string, entry: McpServerEntry, { mode, bridge, urlOf }: Rewriting): McpServerEntry {
  const { command, args = [], env, url, headers, cwd, ...rest } = entry;
  const channel = `mcp/${name}`;
  if (entry.type === 'sse') throw unsupported(name, 'HTTP+SSE, the transport of 2024, is not recorded');
  if (url !== undefined) {
    return { ...rest, url: urlOf(channel), ...(mode === 'record' && headers !== undefined && { headers }) };
  }
  if (command === undefined) throw unsupported(name, 'it has neither "command" nor "url"');
  if (mode === 'replay') return { ...rest, ...bridge.launch(channel) };
  const kept = { ...rest, ...(env !== undefined && { env }), ...(cwd !== undefined && { cwd }) };
  return { ...kept, ...bridge.launch(channel, [command, ...args]) };
}

/** The values in the servers' own variables and headers, by names under which they are hidden where those are of secrets. */
export function secretsOf(servers: McpServerEntries): Readonly<Record<string, string>> {
  const values = Object.values(servers).flatMap(({ env, headers, url }) => [
    ...Object.entries(isObject(env) ? env : {}),
    ...Object.entries(isObject(headers) ? headers : {}).map(([name, value]) => [`${name}_TOKEN`, value]),
    ...(url === undefined ? [] : [['URL', url]]),
  ]);
  return Object.fromEntries(values.map(([name, value]) => [stringOr(name, ''), stringOr(value, '')]));
}

function unsupported(name: string, why: string): CassetteError {
  return new CassetteError('CASSETTE_UNSUPPORTED', `The server "${name}" cannot be on a cassette: ${why}.`);
}
