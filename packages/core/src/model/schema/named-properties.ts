import { isRecord } from '../../json.ts';
import type { JsonSchema } from '../../tools.ts';
import type { Codec } from './codec.ts';
import { jsonText, plain } from './codec.ts';
import { PROPERTY_NAME, takenNames } from './property-names.ts';
import { someSchema } from './subschemas.ts';

/** Keywords that name properties, and would go on to name them as they were. */
const NAMING_PROPERTIES = ['dependencies', 'dependentRequired', 'dependentSchemas', 'propertyNames'];

/** Whether a property somewhere in the schema has a name that Anthropic refuses. */
export function hasRefusedName(schema: JsonSchema): boolean {
  return someSchema(
    schema,
    ({ properties }) =>
      isRecord(properties) && Object.keys(properties).some((name) => !PROPERTY_NAME.test(name)),
  );
}

/** The schema, which has no references, with names of properties that are taken everywhere. */
export function withTakenNames(schema: unknown): Codec {
  if (!isRecord(schema)) return plain(schema === false ? { not: {} } : {});
  if (!hasRefusedName(schema)) return plain(schema);
  // Which branch a value is of would have to be known to rename in it.
  const hasNamesElsewhere = Object.entries(schema).some(
    ([keyword, value]) =>
      keyword !== 'properties' && keyword !== 'items' && hasRefusedName({ [keyword]: value }),
  );
  if (hasNamesElsewhere || Array.isArray(schema['items'])) return jsonText(schema);
  const items = isRecord(schema['items']) ? withTakenNames(schema['items']) : undefined;
  const named = renamed(schema, withTakenNames);
  return {
    isPlain: named.isPlain && (items?.isPlain ?? true),
    schema: items ? { ...named.schema, items: items.schema } : named.schema,
    encode: (value) => (Array.isArray(value) && items ? value.map(items.encode) : named.encode(value)),
    decode: (value) => (Array.isArray(value) && items ? value.map(items.decode) : named.decode(value)),
  };
}

/** An object schema with its properties renamed where they must be, and each of them in turn. */
export function renamed(schema: JsonSchema, toCodec: (inner: unknown) => Codec): Codec {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const names = takenNames(Object.keys(properties));
  const codecs = new Map(Object.entries(properties).map(([name, inner]) => [name, toCodec(inner)]));
  const originals = new Map([...names].map(([name, taken]) => [taken, name]));
  const isRenamed = [...names].some(([name, taken]) => name !== taken);
  const isPlain = !isRenamed && [...codecs.values()].every((codec) => codec.isPlain);

  const rewritten: Record<string, unknown> = {
    ...schema,
    properties: Object.fromEntries(
      [...codecs].map(([name, codec]) => [names.get(name) ?? name, codec.schema]),
    ),
  };
  const required = schema['required'];
  if (Array.isArray(required))
    rewritten['required'] = required.map((name) => names.get(String(name)) ?? name);
  if (isRenamed) for (const keyword of NAMING_PROPERTIES) delete rewritten[keyword];

  return {
    schema: rewritten,
    isPlain,
    encode: (value) =>
      mapEntries(value, (name, inner) => {
        const codec = codecs.get(name);
        return [names.get(name) ?? name, codec ? codec.encode(inner) : inner];
      }),
    decode: (value) =>
      mapEntries(value, (taken, inner) => {
        const name = originals.get(taken) ?? taken;
        const codec = codecs.get(name);
        return [name, codec ? codec.decode(inner) : inner];
      }),
  };
}

function mapEntries(value: unknown, change: (name: string, inner: unknown) => [string, unknown]): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => change(name, inner)));
}
