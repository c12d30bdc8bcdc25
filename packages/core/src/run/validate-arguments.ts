import type { SchemaCheck } from '../json-schema.ts';
import { compileSchema } from '../json-schema.ts';
import type { JsonSchema, ToolDefinition } from '../tools.ts';

/** By the schema object itself: a definition lives as long as its catalog, and is compiled once. */
const checks = new WeakMap<JsonSchema, Promise<SchemaCheck>>();

/**
 * What is wrong with the arguments, in a sentence for the model, or `undefined` when the tool's schema takes them. A
 * schema that cannot be compiled checks nothing: then the server has the last word, as it always has.
 */
export async function invalidArguments(
  tool: ToolDefinition,
  args: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  let check = checks.get(tool.inputSchema);
  if (!check) {
    check = compileSchema(tool.inputSchema).catch(() => () => undefined);
    checks.set(tool.inputSchema, check);
  }
  const problem = (await check)(args);
  if (problem === undefined) return undefined;
  return `The arguments of ${tool.name} do not fit its schema: ${problem}. ${expectation(tool.inputSchema)}`;
}

/** The names that a schema knows and those that it requires: what a model most often has wrong. */
function expectation({ properties, required }: JsonSchema): string {
  const known = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  const needed = Array.isArray(required) ? required : [];
  const optional = known.filter((name) => !needed.includes(name));
  return [
    ...(needed.length > 0 ? [`Required: ${needed.join(', ')}.`] : []),
    ...(optional.length > 0 ? [`Optional: ${optional.join(', ')}.`] : []),
  ].join(' ');
}
