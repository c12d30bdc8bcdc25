import { basename, dirname, extname, resolve } from 'node:path';
import * as z from 'zod';
import { errorMessage, PatchbayError } from '../errors.ts';
import type { Environment } from './expand-variables.ts';
import { expandVariables, MissingVariable } from './expand-variables.ts';
import type { HostConfig, ServerConfig, TransportConfig } from './host-config.ts';
import type { ParsedText, ValuePath } from './parsed-text.ts';
import { parseJsonc } from './jsonc.ts';
import { mapOAuthTexts } from './oauth-config.ts';
import { OAuthEntry } from './oauth-entry.ts';
import { readTextFile } from './read-text-file.ts';
import { readRoots, RootPaths } from './roots.ts';
import { scriptCommand } from './script-command.ts';
import { meantWord } from './slip.ts';

/** A first `npx` or `uvx` downloads its package, which takes tens of seconds. */
const START_TIMEOUT_MS = 30_000;
const CALL_TIMEOUT_MS = 60_000;
const CALL_TOTAL_MS = 600_000;
/** How long a lazy server runs on after its last call, where its configuration does not say. */
const LAZY_IDLE_MS = 300_000;

/** Strict: a misspelt key would leave every tool allowed. A bare list, as some hosts have it, is what is allowed. */
const ToolFilterEntry = z.preprocess(
  (value) => (Array.isArray(value) ? { allow: value } : value),
  z.strictObject({
    allow: z.array(z.string().min(1)).optional(),
    deny: z.array(z.string().min(1)).optional(),
  }),
);

/** `localhost:8080` is an address too, of the scheme `localhost`. */
const WEB = new Set(['http:', 'https:']);

const Milliseconds = z.int().min(1).max(3_600_000);

// The shape that MCP hosts share. Keys that only other hosts know (`autoApprove`, `icon`) are let through.
const ServerEntry = z.looseObject({
  command: z.string().min(1).optional(),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  cwd: z.string().optional(),
  url: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  oauth: OAuthEntry.optional(),
  type: z.enum(['stdio', 'http', 'streamable-http', 'streamableHttp', 'sse']).optional(),
  disabled: z.boolean().default(false),
  protocol: z.enum(['auto', 'legacy', '2026-07-28']).default('auto'),
  start: z.enum(['eager', 'lazy']).default('eager'),
  idleMs: Milliseconds.optional(),
  trusted: z.boolean().default(false),
  tools: ToolFilterEntry.optional(),
  startTimeoutMs: Milliseconds.default(START_TIMEOUT_MS),
  timeoutMs: Milliseconds.default(CALL_TIMEOUT_MS),
  maxTotalMs: Milliseconds.default(CALL_TOTAL_MS),
});
type ServerEntry = z.infer<typeof ServerEntry>;
const SERVER_KEYS = Object.keys(ServerEntry.shape);

/** Per million tokens. Strict: a misspelt key would make a wrong sum. */
const Price = z.strictObject({
  input: z.number().min(0),
  output: z.number().min(0),
  cachedInput: z.number().min(0).optional(),
  cacheWrite: z.number().min(0).optional(),
});

const ConfigFile = z.looseObject({
  prices: z.record(z.string().min(1), Price).optional(),
  roots: RootPaths.optional(),
  mcpServers: z.record(
    z.string().min(1),
    z.preprocess((value) => (typeof value === 'string' ? fromScript(value) : value), ServerEntry),
  ),
});

/**
 * Reads an `mcp.json`. Relative paths in it are relative to its folder.
 *
 * @throws {PatchbayError} `CONFIG_NOT_FOUND` or `CONFIG_INVALID`. What is wrong with one server alone, such as a
 * variable that is not set, does not throw: that server comes back as `invalid`.
 */
export async function loadConfig(path: string, env: Environment): Promise<HostConfig> {
  let text: string;
  try {
    text = await readTextFile(path);
  } catch (cause) {
    throw new PatchbayError('CONFIG_NOT_FOUND', `Cannot read ${path}: ${errorMessage(cause)}`, {
      hint: 'Name a configuration with --config, or write an mcp.json with "mcpServers" in it.',
      cause,
    });
  }
  return parseConfig(text, { source: basename(path), folder: dirname(resolve(path)), env });
}

/** The parsed form of {@link loadConfig}, for configurations that are not files. */
export function parseConfig(
  text: string,
  { source, folder, env }: { source: string; folder: string; env: Environment },
): HostConfig {
  const read = parseJsonc(text, source);
  const parsed = ConfigFile.safeParse(read.value);
  if (!parsed.success) throw invalid(source, read, parsed.error);
  const servers = Object.entries(parsed.data.mcpServers)
    .filter(([, entry]) => !entry.disabled)
    .map(([name, entry]) => toServer(name, entry, { source, folder, env }));
  const { prices, roots: paths } = parsed.data;
  const roots = paths && readRoots(paths, { folder, env, at: read.at });
  return { source, servers, ...(prices && { prices }), ...(roots && { roots }) };
}

/** The configuration of one server that stands in an `mcp.json` as `entry` does. Throws a `ZodError` where that is none. */
export function entryServer(name: string, entry: unknown, place: Place): ServerConfig {
  return toServer(name, ServerEntry.parse(entry), place);
}

/** The configuration of one server that is given by the path of its script. Its name is the file's, without ending. */
export function scriptServer(path: string, folder: string): ServerConfig {
  const name = basename(path, extname(path));
  return toServer(name, fromScript(path), { source: '--server', folder, env: {} });
}

/** What an entry is read with: its file and folder, and where its variables are looked up. */
export interface Place {
  readonly source: string;
  readonly folder: string;
  readonly env: Environment;
}

function toServer(name: string, entry: ServerEntry, place: Place): ServerConfig {
  const { protocol, start, trusted, tools, startTimeoutMs, timeoutMs, maxTotalMs } = entry;
  const idleMs = entry.idleMs ?? (start === 'lazy' ? LAZY_IDLE_MS : undefined);
  const transport = toTransport(name, entry, place);
  const limits = { startTimeoutMs, timeoutMs, maxTotalMs, ...(idleMs === undefined ? {} : { idleMs }) };
  return { name, transport, protocol, start, trusted, ...(tools && { tools }), ...limits };
}

function toTransport(name: string, entry: ServerEntry, { source, folder, env }: Place): TransportConfig {
  const expand = (text: string): string => expandVariables(text, env);
  const expandAll = (texts: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, expand(text)]));
  const doubt = doubtAbout(name, entry, source);
  if (doubt) return doubt;
  try {
    if (entry.url !== undefined) {
      const url = URL.parse(expand(entry.url));
      // As it was written: filled in it may hold a secret.
      if (!url || !WEB.has(url.protocol))
        return unusable(
          `its "url" ${entry.url} is no address of the web`,
          `Write it as https://… or http://… in ${source}.`,
        );
      const kind = entry.type === 'sse' ? 'sse' : 'http';
      const oauth = entry.oauth && { oauth: mapOAuthTexts(entry.oauth, expand) };
      return { kind, url, headers: expandAll(entry.headers), ...oauth };
    }
    if (entry.command === undefined) {
      return unusable('has neither "command" nor "url"', `Give "${name}" one of them in ${source}.`);
    }
    return {
      kind: 'stdio',
      command: expand(entry.command),
      args: entry.args.map(expand),
      env: expandAll(entry.env),
      cwd: resolve(folder, expand(entry.cwd ?? '.')),
    };
  } catch (error) {
    if (error instanceof MissingVariable) {
      const { variable } = error;
      const hint = `Add ${variable} to .env, or write \${${variable}:-default} in ${source}.`;
      return unusable(`\${${variable}} in ${source} is not set`, hint);
    }
    return unusable(errorMessage(error), `Check "${name}" in ${source}.`);
  }
}

/** What nobody can have meant; a server that is started all the same would be another one. */
function doubtAbout(name: string, entry: ServerEntry, source: string): TransportConfig | undefined {
  for (const key of Object.keys(entry)) {
    const meant = meantWord(key, SERVER_KEYS);
    if (meant !== undefined)
      return unusable(
        `has "${key}", which means nothing`,
        `Did you mean "${meant}"? Correct "${name}" in ${source}.`,
      );
  }
  return entry.url !== undefined && entry.command !== undefined
    ? unusable('has both "command" and "url"', `Take one of them out of "${name}" in ${source}.`)
    : undefined;
}

function unusable(reason: string, hint: string): TransportConfig {
  return { kind: 'invalid', reason, hint };
}

function fromScript(path: string): ServerEntry {
  const launch = scriptCommand(path);
  return ServerEntry.parse(launch ?? { command: path });
}

function invalid(source: string, { value, at }: ParsedText, error: z.ZodError): PatchbayError {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const typo = keys.find((key) => /^(mcp_?)?servers$/i.test(key));
  if (!keys.includes('mcpServers')) {
    const hint = typo
      ? `Did you mean "mcpServers" instead of "${typo}"?`
      : 'Its top level must hold "mcpServers".';
    return new PatchbayError('CONFIG_INVALID', `${source} has no "mcpServers"`, { hint, cause: error });
  }
  return unusableValue({ at }, error);
}

const SERVER_SHAPE =
  'A server is {"command": "…", "args": […], "env": {…}}, {"url": "…"}, or the path of a script.';
const SERVERS_SHAPE = '"mcpServers" is an object of servers by name: {"math": {"command": "…"}}.';
const SHAPES: Readonly<Record<string, string>> = {
  roots: 'Roots are the folders and files that servers may ask for: ["."].',
  prices: 'A price is {"input": …, "output": …}, for a million tokens.',
};

/** What is wrong with a value that was read, with its place. `prefix` leads to where `error` begins. */
export function unusableValue(
  { at }: Pick<ParsedText, 'at'>,
  error: z.ZodError,
  prefix: ValuePath = [],
): PatchbayError {
  const [issue] = error.issues;
  const path = [
    ...prefix,
    ...(issue?.path ?? []).map((key) => (typeof key === 'symbol' ? String(key) : key)),
  ];
  return new PatchbayError('CONFIG_INVALID', `${at(path)}: ${path.join('.')}: ${describeIssue(issue)}`, {
    hint: SHAPES[path[0] ?? ''] ?? (isOfServers(path) ? SERVERS_SHAPE : SERVER_SHAPE),
    cause: error,
  });
}

function isOfServers(path: ValuePath): boolean {
  return path[0] === 'mcpServers' && (path.length === 1 || path[1] === '');
}

/** In the words of JSON: the library's own say "record" where there is an object of any keys. */
function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'invalid_key') return 'A name must not be empty';
  return issue?.message.replace('expected record', 'expected object') ?? 'not usable';
}
