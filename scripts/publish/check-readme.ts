import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface HostEntry {
  readonly type?: string;
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

type Servers = Readonly<Record<string, HostEntry>>;

/** One way in which a README says that the server is started. */
interface Shown {
  readonly kind: 'mcpServers' | 'servers' | 'claude mcp add';
  readonly entry: HostEntry;
}

/**
 * Says what of a README's blocks for hosts would not work: each has to start this package by npx, with flags and variables
 * that the server has. Claude Desktop, Cursor and `mcp.json` read `mcpServers`, VS Code `servers`, Claude Code a command.
 */
export function checkReadme(
  folder: string,
  server: { readonly name: string; readonly help: string },
): readonly string[] {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  const blocks = [...text.matchAll(/^```jsonc?\n(.*?)^```/gmsu)].map(([, block = '']) => block);
  const shown = [...blocks.flatMap(shownIn), ...shownAsCommand(text)];
  const missing = (['mcpServers', 'servers', 'claude mcp add'] as const)
    .filter((kind) => !shown.some((each) => each.kind === kind))
    .map((kind) => `there is no block with ${kind}`);
  const unreadable = blocks.filter((block) => parse(block) === undefined).map((block) => `no JSON: ${block}`);
  const wrong = shown.flatMap(({ kind, entry }) =>
    problemsOf(entry, server).map((problem) => `${kind}: ${problem}`),
  );
  const untyped = shown
    .filter(({ kind, entry }) => kind === 'servers' && entry.type !== 'stdio')
    .map(() => 'servers: "type": "stdio" is missing');
  return [...missing, ...unreadable, ...wrong, ...untyped].map((problem) => `README.md: ${problem}`);
}

function shownIn(block: string): readonly Shown[] {
  const config = parse(block) ?? {};
  return (['mcpServers', 'servers'] as const).flatMap((kind) =>
    Object.values(config[kind] ?? {}).map((entry) => ({ kind, entry })),
  );
}

function shownAsCommand(text: string): readonly Shown[] {
  const lines = [...text.matchAll(/^claude mcp add (.*?)-- (.*)$/gmu)];
  return lines.map(([, options = '', started = '']) => {
    const [command, ...args] = started.split(' ');
    const pairs = [...options.matchAll(/(?:--env|-e) (\w+)=(\S+)/gu)];
    const env = Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, value]));
    return { kind: 'claude mcp add', entry: { command, args, env } };
  });
}

function problemsOf(
  { command, args = [], env = {} }: HostEntry,
  { name, help }: { name: string; help: string },
): readonly string[] {
  const [yes, started, ...rest] = args;
  const problems: string[] = [];
  if (command !== 'npx' || yes !== '-y' || started !== name) {
    problems.push(`starts ${command} ${args.join(' ')}, not npx -y ${name}`);
  }
  for (const flag of rest.filter((each) => each.startsWith('--'))) {
    if (!help.includes(`${flag.split('=')[0]} `)) problems.push(`--help knows no ${flag}`);
  }
  for (const variable of Object.keys(env)) {
    if (!help.includes(`env ${variable}`)) problems.push(`--help knows no variable ${variable}`);
  }
  return problems;
}

function parse(block: string): { mcpServers?: Servers; servers?: Servers } | undefined {
  try {
    return JSON.parse(block);
  } catch {
    return undefined;
  }
}
