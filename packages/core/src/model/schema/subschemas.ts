import { isRecord } from '../../json.ts';
import type { JsonSchema } from '../../tools.ts';

/** Keywords of JSON Schema (draft 7 to 2020-12) that hold one schema, several in a list, or several by name. */
const ONE: ReadonlySet<string> = new Set([
  'additionalItems',
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
const LISTS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems']);
const MAPS: ReadonlySet<string> = new Set([
  '$defs',
  'definitions',
  'dependentSchemas',
  'patternProperties',
  'properties',
]);

/** The same schema with each schema directly inside it changed. Values that only look like schemas are left alone. */
export function mapSubschemas(schema: JsonSchema, change: (inner: unknown) => unknown): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, mapKeyword(keyword, value, change)]),
  );
}

/** Whether `holds` is true of the schema or of any inside it. */
export function someSchema(schema: unknown, holds: (inner: JsonSchema) => boolean): boolean {
  if (!isRecord(schema)) return false;
  let isFound = holds(schema);
  mapSubschemas(schema, (inner) => {
    isFound ||= someSchema(inner, holds);
    return inner;
  });
  return isFound;
}

function mapKeyword(keyword: string, value: unknown, change: (inner: unknown) => unknown): unknown {
  if (LISTS.has(keyword) && Array.isArray(value)) return value.map(change);
  if (MAPS.has(keyword) && isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, change(inner)]));
  }
  return ONE.has(keyword) ? change(value) : value;
}
