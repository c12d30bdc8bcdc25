import { isRecord } from '../../json.ts';
import type { JsonSchema } from '../../tools.ts';
import { mapSubschemas } from './subschemas.ts';

/** How often a schema may stand inside itself: what lies deeper may be anything. */
const MAX_RECURSION = 2;
/** Most references that are followed: definitions that use each other twice a level would double with every level. */
const MAX_REFERENCES = 500;

const NAMING: ReadonlySet<string> = new Set(['$anchor', '$defs', '$dynamicAnchor', '$id', 'definitions']);
/** Keywords that say something of a value without restricting it. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  '$comment',
  'default',
  'deprecated',
  'description',
  'examples',
  'readOnly',
  'title',
  'writeOnly',
]);

/**
 * The schema with every reference replaced by what it stands for, so that none and no definitions are left. It takes
 * all that the original takes; it takes more only where a schema stands within itself for the third time, or where a
 * reference leads nowhere.
 */
export function inlineRefs(root: JsonSchema): JsonSchema {
  let references = 0;

  function expand(schema: unknown, open: readonly string[]): unknown {
    if (schema === true) return {};
    if (schema === false) return { not: {} };
    if (!isRecord(schema)) return schema;
    const { $ref: ref, $dynamicRef: dynamic, ...rest } = schema;
    const pointer = ref ?? dynamic;
    const own = mapSubschemas(withoutNames(rest), (inner) => expand(inner, open));
    return typeof pointer === 'string' ? join(follow(pointer, open), own) : own;
  }

  function follow(pointer: string, open: readonly string[]): JsonSchema {
    references += 1;
    const target = resolvePointer(root, pointer);
    const isTooDeep = open.filter((each) => each === pointer).length >= MAX_RECURSION;
    if (target === undefined || isTooDeep || references > MAX_REFERENCES) {
      return { description: `of the form "${pointer.slice(pointer.lastIndexOf('/') + 1)}"` };
    }
    const expanded = expand(target, [...open, pointer]);
    return isRecord(expanded) ? expanded : {};
  }

  const expanded = expand(root, []);
  return isRecord(expanded) ? expanded : {};
}

/** What a reference within the same schema stands for: a JSON pointer, or the name of an anchor. */
export function resolvePointer(root: JsonSchema, pointer: string): unknown {
  if (pointer === '#') return root;
  if (!pointer.startsWith('#/')) return anchored(root, pointer);
  let at: unknown = root;
  for (const step of pointer.slice(2).split('/').map(unescaped)) {
    if (Array.isArray(at)) at = at[Number(step)];
    else at = isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

function anchored(root: JsonSchema, pointer: string): unknown {
  const definitions = [root['$defs'], root['definitions']].filter(isRecord).flatMap(Object.values);
  return definitions.find((each) => isRecord(each) && `#${String(each['$anchor'])}` === pointer);
}

function unescaped(step: string): string {
  const plain = step.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

/** What stands beside a reference holds as well as what it leads to. */
function join(target: JsonSchema, beside: JsonSchema): JsonSchema {
  const isAnnotation = Object.keys(beside).every((keyword) => ANNOTATIONS.has(keyword));
  return isAnnotation ? { ...target, ...beside } : { allOf: [target, beside] };
}

function withoutNames(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !NAMING.has(keyword)));
}
