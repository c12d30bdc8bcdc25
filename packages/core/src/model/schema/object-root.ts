import { isRecord } from '../../json.ts';
import type { JsonSchema } from '../../tools.ts';
import type { Codec } from './codec.ts';
import { plain, wrapped } from './codec.ts';
import { noteOf, withNote } from './describe-keywords.ts';
import { inlineRefs } from './inline-refs.ts';
import { mergeAllOf } from './merge-all-of.ts';
import { someSchema } from './subschemas.ts';

/** What OpenAI and Anthropic refuse at the root of a tool's schema, though not below it. */
const REFUSED = ['allOf', 'anyOf', 'const', 'enum', 'not', 'oneOf'];
/** Of a branch that has no more than these, a sentence says as much. */
const CONSTRAINTS: ReadonlySet<string> = new Set(['description', 'not', 'required', 'title', 'type']);

/** Why no object can be an argument of the tool, which is how MCP passes arguments. */
export function impossibleRoot(schema: JsonSchema): string | undefined {
  const { type, const: only, enum: values } = schema;
  const types = [type].flat();
  if (type !== undefined && !types.includes('object')) {
    return `its arguments are of the type ${types.join(' or ')}, and only an object can be passed`;
  }
  const allowed = only === undefined ? values : [only];
  if (Array.isArray(allowed) && !allowed.some(isRecord)) {
    return 'its arguments may be none that is an object, and only an object can be passed';
  }
  return undefined;
}

/**
 * An object with properties at the root. Conditions such as "one of these properties" go into the description; a choice
 * between forms moves below the root, where it is taken.
 */
export function objectRoot(schema: JsonSchema): Codec {
  if (!REFUSED.some((keyword) => keyword in schema)) return plain(asObject(schema));
  // What moves below the root can be found by no reference any more.
  const hasRefs = someSchema(schema, (inner) => '$ref' in inner);
  const merged = mergeAllOf(hasRefs ? inlineRefs(schema) : schema);
  const refused = REFUSED.filter((keyword) => keyword in merged);
  if (!refused.every((keyword) => isCondition(keyword, merged[keyword]))) return wrapped(plain(merged));
  const rest = Object.fromEntries(Object.entries(merged).filter(([keyword]) => !refused.includes(keyword)));
  const notes = refused.map((keyword) => noteOf(keyword, merged[keyword]));
  return plain(asObject(notes.length === 0 ? rest : withNote(rest, notes.join('; '))));
}

function asObject(schema: JsonSchema): JsonSchema {
  if (schema['type'] === 'object' && isRecord(schema['properties'])) return schema;
  return {
    ...schema,
    type: 'object',
    properties: isRecord(schema['properties']) ? schema['properties'] : {},
  };
}

function isCondition(keyword: string, value: unknown): boolean {
  if (keyword === 'not') return true;
  return (
    Array.isArray(value) &&
    (keyword === 'anyOf' || keyword === 'oneOf') &&
    value.every((branch) => isRecord(branch) && Object.keys(branch).every((key) => CONSTRAINTS.has(key)))
  );
}
