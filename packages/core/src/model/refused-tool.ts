import { PatchbayError } from '../errors.ts';
import { isRecord } from '../json.ts';
import type { ToolDefinition } from '../tools.ts';

/** Where providers say which definition they refuse: by its place in the list, or by its name. */
const BY_PLACE = [/\bfunction_declarations\[(\d+)\]/, /\btools(?:\.|\[)(\d+)/];
const BY_NAME = /\b(?:function|tool) ['"`]([\w-]+)['"`]/;

/**
 * Which of the tools that were sent a provider refused the whole request for, where its answer (status 400) names one:
 * `tools.3.custom.input_schema: …` at Anthropic, `Invalid schema for function 'x'` with `tools[3]` at OpenAI, and
 * `tools[0].function_declarations[3]` at Gemini.
 */
export function refusedTool(error: unknown, tools: readonly ToolDefinition[]): ToolDefinition | undefined {
  if (!(error instanceof PatchbayError) || !isRecord(error.cause) || error.cause['status'] !== 400)
    return undefined;
  const { param } = error.cause;
  const text = `${typeof param === 'string' ? param : ''} ${error.message}`;
  const named = BY_NAME.exec(text)?.[1];
  const byName = tools.find(({ name }) => name === named);
  if (byName) return byName;
  const place = BY_PLACE.map((pattern) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
  return place === undefined ? undefined : tools[Number(place)];
}
