import { McpServer } from '@modelcontextprotocol/server';

/** How long clients of 2026-07-28 may take a list for unchanged without asking, in milliseconds. */
const LIST_TTL_MS = 60_000;

/** Kept for the one who asked: a list may be behind a token. */
const LISTED = { ttlMs: LIST_TTL_MS, cacheScope: 'private' } as const;

/** An MCP server under a package's name, whose lists clients may keep for a minute. */
export function createMcpServer({
  name,
  version,
  description,
}: {
  readonly name: string;
  readonly version: string;
  readonly description: string;
}): McpServer {
  const cacheHints = {
    'server/discover': LISTED,
    'tools/list': LISTED,
    'prompts/list': LISTED,
    'resources/templates/list': LISTED,
  };
  return new McpServer({ name, version, description }, { cacheHints });
}
