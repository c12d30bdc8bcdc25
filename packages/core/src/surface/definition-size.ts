import { isNestedTooDeep } from '../json.ts';
import type { ToolDefinition } from '../tools.ts';

const CHARS_PER_TOKEN = 4;

const sizes = new WeakMap<ToolDefinition, number>();

/** How many tokens the definitions take in a request, roughly: a quarter of the characters of their JSON. */
export function definitionTokens(tools: readonly ToolDefinition[]): number {
  return Math.ceil(tools.reduce((sum, tool) => sum + sentChars(tool), 0) / CHARS_PER_TOKEN);
}

/** Of a definition, providers are sent the name, the description and the schema. */
function sentChars(tool: ToolDefinition): number {
  const known = sizes.get(tool);
  if (known !== undefined) return known;
  const { name, description, inputSchema } = tool;
  // No provider is given one that is nested too deep.
  const chars = isNestedTooDeep(inputSchema) ? 0 : JSON.stringify({ name, description, inputSchema }).length;
  sizes.set(tool, chars);
  return chars;
}
