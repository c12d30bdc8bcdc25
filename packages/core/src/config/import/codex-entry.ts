import * as z from 'zod';
import type { TranslatedEntry } from './foreign-entry.ts';
import { onlyOneOf } from './foreign-entry.ts';
import { escapeVariables } from './host-variables.ts';

const Texts = z.record(z.string(), z.string());
const Seconds = z.number().positive().max(3600);

// Source: Codex's reference of `config.toml`, `[mcp_servers.<name>]`.
const CodexEntry = z.looseObject({
  command: z.string().min(1).optional(),
  args: z.array(z.string()).optional(),
  env: Texts.optional(),
  env_vars: z.array(z.union([z.string(), z.looseObject({ name: z.string() })])).optional(),
  cwd: z.string().optional(),
  url: z.string().optional(),
  bearer_token_env_var: z.string().optional(),
  http_headers: Texts.optional(),
  env_http_headers: Texts.optional(),
  startup_timeout_sec: Seconds.optional(),
  startup_timeout_ms: z.number().positive().max(3_600_000).optional(),
  tool_timeout_sec: Seconds.optional(),
  enabled: z.boolean().optional(),
  enabled_tools: z.array(z.string()).optional(),
  disabled_tools: z.array(z.string()).optional(),
});
type CodexEntry = z.infer<typeof CodexEntry>;

/** Codex fills nothing in; what comes from the environment stands in keys of its own. Throws as `translateJsonEntry` does. */
export function translateCodexEntry(value: unknown): TranslatedEntry {
  const read = CodexEntry.parse(value);
  onlyOneOf(read.command, read.url);
  const { enabled_tools: allow, disabled_tools: deny } = read;
  const startSeconds = read.startup_timeout_sec ?? (read.startup_timeout_ms ?? 0) / 1000;
  return {
    entry: {
      ...(read.url === undefined ? processOf(read) : remoteOf(read, read.url)),
      ...(read.enabled === false && { disabled: true }),
      ...((allow ?? deny) && { tools: { ...(allow && { allow }), ...(deny && { deny }) } }),
      ...(startSeconds > 0 && { startTimeoutMs: Math.ceil(startSeconds * 1000) }),
      ...(read.tool_timeout_sec !== undefined && { timeoutMs: Math.ceil(read.tool_timeout_sec * 1000) }),
    },
    notes: [],
  };
}

function processOf({ command, args, env, env_vars: names = [], cwd }: CodexEntry) {
  const passed = names.map((each) => (typeof each === 'string' ? each : each.name));
  const all = { ...fromEnvironment(Object.fromEntries(passed.map((name) => [name, name]))), ...escaped(env) };
  return {
    ...(command !== undefined && { command: escapeVariables(command) }),
    ...(args && args.length > 0 && { args: args.map(escapeVariables) }),
    ...(Object.keys(all).length > 0 && { env: all }),
    ...(cwd !== undefined && { cwd: escapeVariables(cwd) }),
  };
}

function remoteOf(
  { bearer_token_env_var: token, http_headers: literal, env_http_headers: named }: CodexEntry,
  url: string,
) {
  const headers = {
    ...escaped(literal),
    ...fromEnvironment(named),
    ...(token !== undefined && { Authorization: `Bearer \${${token}}` }),
  };
  return { url: escapeVariables(url), ...(Object.keys(headers).length > 0 && { headers }) };
}

function escaped(values: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, escapeVariables(value)]));
}

/** Each value from the variable that it names. */
function fromEnvironment(values: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, variable]) => [name, `\${${variable}}`]));
}
