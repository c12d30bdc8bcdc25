import { isRecord } from '../../json.ts';
import type { JsonSchema } from '../../tools.ts';

/**
 * One schema in place of a schema and its `allOf`. Where two parts of it say the same keyword differently, the first
 * stands: each part had to hold, so what remains takes all that the original takes.
 */
export function mergeAllOf(schema: JsonSchema): JsonSchema {
  const { allOf, ...own } = schema;
  if (!Array.isArray(allOf)) return schema;
  return allOf.filter(isRecord).map(mergeAllOf).reduce(mergeTwo, own);
}

/** Keywords that mean something together alone: they come from one part or the other. */
const TOGETHER = [
  ['if', 'then', 'else'],
  ['contains', 'minContains', 'maxContains'],
];

function mergeTwo(one: JsonSchema, other: JsonSchema): JsonSchema {
  const taken = new Set(TOGETHER.filter((group) => group.some((keyword) => keyword in one)).flat());
  const rest = Object.fromEntries(Object.entries(other).filter(([keyword]) => !taken.has(keyword)));
  const merged: Record<string, unknown> = { ...rest, ...one };
  const properties = mergeProperties(one['properties'], other['properties']);
  if (properties) {
    merged['properties'] = properties;
    // It spoke of the properties of its own part alone, and would now forbid those of the other.
    delete merged['additionalProperties'];
  }
  const required = [one['required'], other['required']].filter(Array.isArray).flat();
  if (required.length > 0) merged['required'] = [...new Set(required)];
  return merged;
}

function mergeProperties(one: unknown, other: unknown): JsonSchema | undefined {
  if (!isRecord(one) || !isRecord(other)) return undefined;
  const merged: Record<string, unknown> = { ...one };
  for (const [name, schema] of Object.entries(other)) {
    const before = merged[name];
    merged[name] = isRecord(before) && isRecord(schema) ? mergeTwo(before, schema) : (before ?? schema);
  }
  return merged;
}
