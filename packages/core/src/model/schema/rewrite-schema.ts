import { isNestedTooDeep, isRecord, MAX_NESTING } from '../../json.ts';
import type { JsonSchema } from '../../tools.ts';
import type { Codec } from './codec.ts';
import { chained, jsonText, plain, wrapped } from './codec.ts';
import { describeKeywords } from './describe-keywords.ts';
import type { SchemaDialect } from './dialects.ts';
import { inlineRefs, resolvePointer } from './inline-refs.ts';
import { hasRefusedName, withTakenNames } from './named-properties.ts';
import { narrow } from './narrow.ts';
import { impossibleRoot, objectRoot } from './object-root.ts';
import { mapSubschemas, someSchema } from './subschemas.ts';

/** A tool's schema for one provider, with the way between the two; or why the provider cannot be given the tool. */
export type RewrittenSchema =
  | { readonly kind: 'rewritten'; readonly codec: Codec }
  | { readonly kind: 'impossible'; readonly reason: string };

/**
 * Rewrites the schema of a tool's arguments into what a provider takes. Every object that the original takes is taken,
 * encoded, by the rewritten one, and decoding gives it back; how much more that takes is said in its descriptions. A
 * schema that is taken as it is comes back as it is.
 */
export function rewriteSchema(schema: JsonSchema, dialect: SchemaDialect): RewrittenSchema {
  if (isNestedTooDeep(schema))
    return { kind: 'impossible', reason: `its schema is nested more than ${MAX_NESTING} levels deep` };
  const start = withItems(needsInlining(schema, dialect) ? inlineRefs(schema) : schema);
  const reason = impossibleRoot(start);
  if (reason !== undefined) return { kind: 'impossible', reason };
  const root = objectRoot(start);
  const formed = chained(root, toForms(root.schema, dialect));
  const isTaken = !someSchema(formed.schema, (inner) =>
    Object.entries(inner).some(([keyword, value]) => !dialect.takes(keyword, value)),
  );
  const described = isTaken ? formed.schema : describeKeywords(formed.schema, dialect.takes);
  return { kind: 'rewritten', codec: { ...formed, schema: described } };
}

function needsInlining(schema: JsonSchema, { refs, propertyNames }: SchemaDialect): boolean {
  if (refs === 'inlined' || typeof schema['$ref'] === 'string') return true;
  if (propertyNames === 'simple' && hasRefusedName(schema)) return true;
  // A reference that leads nowhere would have the schema refused.
  return someSchema(schema, ({ $ref: ref }) => typeof ref === 'string' && !leadsToSchema(schema, ref));
}

/** OpenAI refuses a list that does not say of what. */
function withItems(schema: JsonSchema): JsonSchema {
  if (!someSchema(schema, isBareList)) return schema;
  const inner = mapSubschemas(schema, (each) => (isRecord(each) ? withItems(each) : each));
  return isBareList(inner) ? { ...inner, items: {} } : inner;
}

function isBareList({ type, items }: JsonSchema): boolean {
  return items === undefined && [type].flat().includes('array');
}

function leadsToSchema(schema: JsonSchema, ref: string): boolean {
  const target = resolvePointer(schema, ref);
  return isRecord(target) || typeof target === 'boolean';
}

function toForms(schema: JsonSchema, { forms, propertyNames }: SchemaDialect): Codec {
  if (forms === 'narrow') return narrowRoot(schema);
  return propertyNames === 'simple' ? atRoot(withTakenNames(schema)) : plain(schema);
}

/** A tool whose arguments have no names at all has none, unless it says that any will do. */
function narrowRoot(schema: JsonSchema): Codec {
  const { properties, additionalProperties, patternProperties } = schema;
  const isUnnamed = !isRecord(properties) || Object.keys(properties).length === 0;
  const takesAny =
    isRecord(additionalProperties) || additionalProperties === true || patternProperties !== undefined;
  if (isUnnamed) return takesAny ? wrapped(jsonText(schema)) : plain({ type: 'object', properties: {} });
  return atRoot(narrow(schema));
}

/** What could only be written as text is no object, which the root must be. */
function atRoot(codec: Codec): Codec {
  return codec.schema['type'] === 'object' ? codec : wrapped(codec);
}
