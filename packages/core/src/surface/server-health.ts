import type { ToolDefinition, ToolOutcome, ToolSource } from '../tools.ts';
import { sortedByName, textOutcome } from '../tools.ts';
import { printable } from '../untrusted-text.ts';

/** What the tool needs of a host. */
export interface CheckedServers {
  servers(): readonly { readonly server: string }[];
  /** How one server is. One that runs is asked for a sign of life; none is started. */
  check(name: string, signal?: AbortSignal): Promise<CheckedServer>;
}

export interface CheckedServer {
  readonly server: string;
  readonly state: {
    readonly kind: string;
    /** Milliseconds since 1970. */
    readonly since: number;
    readonly reason?: string;
    readonly retryAt?: number;
    readonly protocol?: string;
    readonly identity?: string;
  };
  readonly tools: readonly unknown[];
  /** How long it took to give a sign of life, in milliseconds. Absent: it does not run, or gave none. */
  readonly answerMs?: number;
}

/** The definition of the tool that {@link withServerHealth} adds. */
export const SERVER_HEALTH: ToolDefinition = {
  name: 'patchbay__server_health',
  server: 'patchbay',
  tool: 'server_health',
  description:
    'Says how the servers are whose tools there are: state and since when, why one is down and when it is tried again, number ' +
    'of tools, protocol, and how fast it answers now. Starts none.',
  inputSchema: {
    type: 'object',
    properties: { server: { type: 'string', description: 'Name of one server. Default: all' } },
    additionalProperties: false,
  },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
};

/** Adds the tool `server_health` to those of `source`, for a model that is to know what it can rely on. */
export function withServerHealth(source: ToolSource, host: CheckedServers): ToolSource {
  return {
    listTools: () => sortedByName([...source.listTools(), SERVER_HEALTH]),
    resolveCall: (name, args) => source.resolveCall?.(name, args),
    callTool: (name, args, signal, onProgress) =>
      name === SERVER_HEALTH.name
        ? serverHealth(host, args, signal)
        : source.callTool(name, args, signal, onProgress),
  };
}

/** One call of the tool. A wrong name is answered with the right ones. */
export async function serverHealth(
  host: CheckedServers,
  args: unknown,
  signal?: AbortSignal,
): Promise<ToolOutcome> {
  const z = await import('zod');
  const { data, error } = z.object({ server: z.string().max(200).optional() }).safeParse(args);
  if (!data) return textOutcome(`${SERVER_HEALTH.name}: ${z.prettifyError(error)}`, true);
  const names = host.servers().map(({ server }) => server);
  if (data.server !== undefined && !names.includes(data.server)) return unknownServer(data.server, names);
  const asked = data.server === undefined ? names : [data.server];
  const servers = (await Promise.all(asked.map((name) => host.check(name, signal)))).map(toReport);
  const text = servers.map(toLine).join('\n') || 'There are no servers.';
  return { ...textOutcome(text, false), structured: { servers } };
}

/** What a model reads that asked for a server by a name that none has. */
export function unknownServer(name: string, names: readonly string[]): ToolOutcome {
  return textOutcome(`There is no server "${name}". The servers are: ${names.join(', ') || 'none'}.`, true);
}

type Report = ReturnType<typeof toReport>;

function toReport({ server, state, tools, answerMs }: CheckedServer) {
  const { kind, since, reason, retryAt, protocol, identity } = state;
  return {
    server,
    state: kind,
    since: new Date(since).toISOString(),
    tools: tools.length,
    ...(reason !== undefined && { reason: printable(reason) }),
    ...(retryAt !== undefined && { nextTry: new Date(retryAt).toISOString() }),
    ...(protocol !== undefined && { protocol }),
    ...(identity !== undefined && { identity: printable(identity) }),
    ...(answerMs !== undefined && { answerMs }),
  };
}

/** `- sql: ready since …, 5 tools, sql 1.0.0 over 2026-07-28, answers in 3 ms` */
function toLine({
  server,
  state,
  since,
  tools,
  reason,
  nextTry,
  protocol,
  identity,
  answerMs,
}: Report): string {
  return [
    `- ${server}: ${state}${reason === undefined ? '' : ` (${reason})`} since ${since}`,
    ...(nextTry === undefined ? [] : [`next try ${nextTry}`]),
    `${tools} ${tools === 1 ? 'tool' : 'tools'}`,
    ...(protocol === undefined ? [] : [`${identity} over ${protocol}`]),
    ...(answerMs === undefined ? [] : [`answers in ${answerMs} ms`]),
  ].join(', ');
}
