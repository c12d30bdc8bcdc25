import * as z from 'zod';
import type { TranslateText } from './host-variables.ts';

/** A server as it stands in an `mcp.json`: its variables are still to be filled in. */
export interface McpServerEntry {
  readonly type?: 'sse';
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly disabled?: boolean;
  readonly tools?: { readonly allow?: readonly string[]; readonly deny?: readonly string[] };
  readonly startTimeoutMs?: number;
  readonly timeoutMs?: number;
}

/** What an entry of another host comes to. */
export interface TranslatedEntry {
  readonly entry: McpServerEntry;
  /** What of it was not taken over, or is to be looked at. */
  readonly notes: readonly string[];
}

/** VS Code takes numbers, and `null` for a variable that is to be unset, which here it is anyhow. */
const Values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

// What the JSON files of all hosts share. Other keys are the business of their hosts.
const JsonEntry = z.looseObject({
  type: z.string().optional(),
  command: z.string().min(1).optional(),
  args: z.array(z.string()).optional(),
  env: Values.optional(),
  cwd: z.string().optional(),
  url: z.string().optional(),
  serverUrl: z.string().optional(),
  headers: Values.optional(),
  disabled: z.boolean().optional(),
  disabledTools: z.array(z.string()).optional(),
});

type JsonEntry = z.infer<typeof JsonEntry>;

/** Keys that change what a server does and have no counterpart here. */
const NOT_TAKEN_OVER = ['envFile', 'headersHelper', 'auth', 'oauth', 'sandbox', 'sandboxEnabled'];

/** Throws a `ZodError` for what is no server, {@link UnsupportedServer} for a kind that cannot be spoken to. */
export function translateJsonEntry(value: unknown, translate: TranslateText): TranslatedEntry {
  const read = JsonEntry.parse(value);
  const { type, command, url = read.serverUrl, disabled, disabledTools } = read;
  if (type !== undefined && !['stdio', 'http', 'sse'].includes(usualType(type))) {
    throw new UnsupportedServer(`its type "${type}" cannot be spoken to`);
  }
  onlyOneOf(command, url);
  return {
    entry: {
      ...(url === undefined ? processOf(read, translate) : remoteOf(read, url, translate)),
      ...(disabled === true && { disabled }),
      ...(filled(disabledTools) && { tools: { deny: disabledTools } }),
    },
    notes: NOT_TAKEN_OVER.filter((key) => key in read).map((key) => `its "${key}" is not taken over`),
  };
}

function processOf({ command, args, env, cwd }: JsonEntry, translate: TranslateText): McpServerEntry {
  return {
    ...(command !== undefined && { command: translate(command) }),
    ...(filled(args) && { args: args.map(translate) }),
    ...(filled(env) && { env: translateValues(env, translate) }),
    ...(cwd !== undefined && { cwd: translate(cwd) }),
  };
}

function remoteOf({ type, headers }: JsonEntry, url: string, translate: TranslateText): McpServerEntry {
  return {
    ...(type === 'sse' && { type }),
    url: translate(url),
    ...(filled(headers) && { headers: translateValues(headers, translate) }),
  };
}

/** Throws {@link UnsupportedServer} for an entry that says of two servers that they are one. */
export function onlyOneOf(command: string | undefined, url: string | undefined): void {
  if (command !== undefined && url !== undefined)
    throw new UnsupportedServer('it has both a command and an address');
}

/** Whether there is anything in it: what is empty need not be written. */
function filled<T extends object>(value: T | undefined): value is T {
  return value !== undefined && Object.keys(value).length > 0;
}

/** A server that its host can use and we cannot. */
export class UnsupportedServer extends Error {
  override readonly name = 'UnsupportedServer';
}

function usualType(type: string): string {
  return /^streamable[-_]?http$/i.test(type) ? 'http' : type;
}

function translateValues(
  values: z.infer<typeof Values>,
  translate: TranslateText,
): Readonly<Record<string, string>> {
  const known = Object.entries(values).filter(([, value]) => value !== null);
  return Object.fromEntries(known.map(([name, value]) => [name, translate(String(value))]));
}
