import type { Tool } from '@modelcontextprotocol/client';
import type { ToolDefinition } from '../tools.ts';
import { printable } from '../untrusted-text.ts';
import { toolNamer } from './tool-name.ts';

/** Longest tool description that reaches a model, in characters. */
const MAX_DESCRIPTION_CHARS = 4096;

/**
 * One server's tools as the model sees them. A server that lists a name twice has its first one taken: a name stands
 * for one tool.
 */
export function toDefinitions(server: string, tools: readonly Tool[]): ToolDefinition[] {
  const nameOf = toolNamer(server);
  const byName = new Map<string, ToolDefinition>();
  for (const { name: tool, description, inputSchema, annotations } of tools) {
    const name = nameOf(tool);
    if (byName.has(name)) continue;
    byName.set(name, { name, server, tool, description: shown(description), inputSchema, annotations });
  }
  return [...byName.values()];
}

function shown(description: string | undefined): string | undefined {
  return description === undefined
    ? undefined
    : printable(description).slice(0, MAX_DESCRIPTION_CHARS).toWellFormed();
}
