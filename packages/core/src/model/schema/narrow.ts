import { isRecord } from '../../json.ts';
import type { JsonSchema } from '../../tools.ts';
import type { Codec } from './codec.ts';
import { jsonText, plain } from './codec.ts';
import { noteOf, withNote } from './describe-keywords.ts';
import { mergeAllOf } from './merge-all-of.ts';
import { renamed } from './named-properties.ts';
import { narrowEnum } from './narrow-enum.ts';

/**
 * A schema, which has no references, in the words of OpenAPI 3.0 that Gemini has for a tool: each value of one type, or
 * null, or one of several forms; objects by their properties. What that cannot say is written as JSON text.
 */
export function narrow(schema: unknown): Codec {
  if (!isRecord(schema)) return jsonText({});
  const merged = mergeAllOf(schema);
  const branches = branchesOf(merged);
  if (branches) return narrowUnion(merged, branches);
  if ('const' in merged) return narrowEnum(merged, [merged['const']]);
  if (Array.isArray(merged['enum'])) return narrowEnum(merged, merged['enum']);
  return narrowType(merged, typeOf(merged));
}

/** The forms that a value may have, where there are several. A condition on properties is no form of its own. */
function branchesOf(schema: JsonSchema): readonly unknown[] | undefined {
  const { properties, type } = schema;
  const forms = formsOf(schema);
  if (forms && !isRecord(properties)) return forms;
  if (!Array.isArray(type)) return undefined;
  return type.length === 1 ? undefined : type.map((each: unknown) => ({ type: each }));
}

function formsOf({ anyOf, oneOf }: JsonSchema): readonly unknown[] | undefined {
  const forms: unknown = Array.isArray(anyOf) ? anyOf : oneOf;
  return Array.isArray(forms) ? forms : undefined;
}

function narrowUnion(
  { anyOf: _any, oneOf: _one, ...shared }: JsonSchema,
  branches: readonly unknown[],
): Codec {
  const { description, type, ...rest } = shared;
  const said = typeof description === 'string' ? { description } : {};
  const own = Array.isArray(type) || type === undefined ? rest : { ...rest, type };
  const forms = branches.filter((branch) => !isNull(branch));
  const isNullable = forms.length < branches.length;
  const codecs = forms.map((form) => narrow(isRecord(form) ? { ...said, ...own, ...form } : form));
  const [only, ...others] = codecs;
  if (!only) return nullable(plain({ type: 'string', ...said }));
  if (others.length === 0) return isNullable ? nullable(only) : only;
  // Which form a value is of would have to be known to read it back.
  if (!codecs.every(({ isPlain }) => isPlain)) {
    return jsonText({ ...said, ...own, anyOf: branches });
  }
  const union = plain({ anyOf: codecs.map((codec) => codec.schema) });
  return isNullable ? nullable(union) : union;
}

function isNull(schema: unknown): boolean {
  return isRecord(schema) && (schema['type'] === 'null' || schema['const'] === null);
}

function nullable(codec: Codec): Codec {
  return {
    schema: nullableSchema(codec.schema),
    isPlain: codec.isPlain,
    encode: (value) => (value === null ? null : codec.encode(value)),
    decode: (value) => (value === null ? null : codec.decode(value)),
  };
}

/** Beside `anyOf` no other keyword is taken, so that each form says for itself whether it may be null. */
function nullableSchema(schema: JsonSchema): JsonSchema {
  const forms = schema['anyOf'];
  if (!Array.isArray(forms)) return { ...schema, nullable: true };
  return { anyOf: forms.map((form) => (isRecord(form) ? nullableSchema(form) : form)) };
}

function typeOf({ type, properties, items }: JsonSchema): unknown {
  const named: unknown = Array.isArray(type) ? type[0] : type;
  if (named !== undefined) return named;
  if (isRecord(properties)) return 'object';
  return items === undefined ? undefined : 'array';
}

/** Keywords that belong to one type each, and are refused beside another. */
const STRUCTURE: ReadonlySet<string> = new Set([
  'additionalProperties',
  'anyOf',
  'items',
  'oneOf',
  'properties',
  'required',
]);

function without(schema: JsonSchema, keywords: ReadonlySet<string>): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.has(keyword)));
}

function narrowType(schema: JsonSchema, type: unknown): Codec {
  switch (type) {
    case 'object':
      return narrowObject(schema);
    case 'array':
      return narrowArray(schema);
    case 'null':
      return nullable(plain({ type: 'string', description: 'null' }));
    case 'boolean':
    case 'integer':
    case 'number':
    case 'string':
      return plain({ ...without(schema, STRUCTURE), type });
    default:
      return jsonText(schema);
  }
}

function narrowObject(schema: JsonSchema): Codec {
  const { properties, required, additionalProperties } = schema;
  if (!isRecord(properties) || Object.keys(properties).length === 0) return jsonText(schema);
  const needed = Array.isArray(required)
    ? required.filter((name) => Object.hasOwn(properties, String(name)))
    : [];
  const object = {
    ...without(schema, STRUCTURE),
    type: 'object',
    properties,
    ...(needed.length > 0 ? { required: needed } : {}),
  };
  const forms = formsOf(schema);
  const isMap = isRecord(additionalProperties) || additionalProperties === true;
  const notes = [
    ...(forms ? [noteOf('one of', forms)] : []),
    ...(isMap ? ['other properties are allowed too'] : []),
  ];
  return renamed(notes.length > 0 ? withNote(object, notes.join('; ')) : object, narrow);
}

/** A list of one kind of items. One with a form for each place is written as JSON text. */
function narrowArray(schema: JsonSchema): Codec {
  const { items, prefixItems } = schema;
  if (Array.isArray(items) || prefixItems !== undefined) return jsonText(schema);
  const codec = narrow(items ?? {});
  return {
    schema: { ...without(schema, STRUCTURE), type: 'array', items: codec.schema },
    isPlain: codec.isPlain,
    encode: (value) => mapItems(value, codec.encode),
    decode: (value) => mapItems(value, codec.decode),
  };
}

function mapItems(value: unknown, change: (item: unknown) => unknown): unknown {
  return Array.isArray(value) ? value.map(change) : value;
}
