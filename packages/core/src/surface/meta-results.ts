import { isNestedTooDeep, isRecord } from '../json.ts';
import type { ToolDefinition } from '../tools.ts';
import { CALL_TOOL, DESCRIBE_TOOLS } from './meta-tools.ts';

/** A server whose tools are not to be had at the moment. */
export interface DownServer {
  readonly server: string;
  /** Why, in words that a model can pass on. */
  readonly reason: string;
}

/** Longest line about a tool that has been found, in characters. */
const MAX_LINE_CHARS = 160;

/** What a search has found, a line a tool, and what it could not look through. */
export function foundText(result: {
  readonly query: string;
  readonly found: readonly ToolDefinition[];
  readonly tools: readonly ToolDefinition[];
  readonly down: readonly DownServer[];
}): string {
  const { query, found, tools, down } = result;
  const counts = Map.groupBy(tools, ({ server }) => server);
  const servers = [...counts].map(([server, { length }]) => `${server} (${length})`).join(', ');
  const hits = found.map((tool) => `${signature(tool)}: ${firstLine(tool.description)}`);
  const none = `No tool fits ${JSON.stringify(query)}. Try other words. Servers, with how many tools: ${servers || 'none'}.`;
  const next = `${found.length} of ${tools.length} tools. What their parameters take: ${DESCRIBE_TOOLS.name}. To call one: ${CALL_TOOL.name}.`;
  return [...(found.length > 0 ? [...hits, next] : [none]), ...downNote(down)].join('\n');
}

/** All that a model has to know of a tool to call it, as one line of JSON. */
export function describedText({ name, description, inputSchema }: ToolDefinition): string {
  const parameters = isNestedTooDeep(inputSchema) ? '(nested too deep to be shown)' : inputSchema;
  return JSON.stringify({ name, description, parameters });
}

/** A tool may be unknown because its server is down, which a model must not mistake for a tool that never was. */
export function unknownToolText(
  name: string,
  { near, down }: { readonly near: readonly ToolDefinition[]; readonly down: readonly DownServer[] },
): string {
  const names = near.map((tool) => tool.name).join(', ');
  return [
    `There is no tool named "${name}".`,
    ...(names === '' ? [] : [`Near it are: ${names}.`]),
    ...downNote(down),
  ].join(' ');
}

function downNote(down: readonly DownServer[]): string[] {
  if (down.length === 0) return [];
  const list = down.map(({ server, reason }) => `${server} (${reason})`).join('; ');
  return [`Servers that cannot be used now, which may be why a tool is missing: ${list}.`];
}

/** `calendar__create_event(title, start, place?)`: enough to call a simple tool by. */
function signature({ name, inputSchema: { properties, required } }: ToolDefinition): string {
  const needed = new Set(Array.isArray(required) ? required : []);
  const known = isRecord(properties) ? Object.keys(properties) : [];
  return `${name}(${known.map((key) => (needed.has(key) ? key : `${key}?`)).join(', ')})`;
}

/** The first sentence or line of a description, cut where it is long. */
function firstLine(description = ''): string {
  const text = /^.*?(?:[.!?](?=\s)|$)/m.exec(description.trim())?.[0] ?? '';
  return text.length > MAX_LINE_CHARS ? `${text.slice(0, MAX_LINE_CHARS - 1)}…` : text;
}
