import type { Tool } from '@modelcontextprotocol/client';
import { isObject } from './json.ts';

/** Arguments that a tool has to refuse, and what is wrong with them. */
export interface BadInput {
  readonly what: string;
  readonly args: Readonly<Record<string, unknown>>;
}

type Schema = Readonly<Record<string, unknown>>;

/**
 * What the input schema of a tool rules out: each required argument missing, and each argument of a wrong type, too
 * long, too large, and with text that nothing holds (NUL, half a surrogate pair). `good` are arguments that it takes.
 *
 * @throws {Error} When the schema leaves a text or a list unbounded: then nothing is too long.
 */
export function badInputs({ name, inputSchema }: Tool, good: Readonly<Record<string, unknown>>): BadInput[] {
  const required: readonly unknown[] = Array.isArray(inputSchema.required) ? inputSchema.required : [];
  const missing = required.map((argument) => {
    const args = Object.entries(good).filter(([key]) => key !== argument);
    return { what: `no ${String(argument)}`, args: Object.fromEntries(args) };
  });
  const properties = Object.entries(inputSchema.properties ?? {});
  const wrong = properties.flatMap(([argument, schema]) =>
    badValues(isObject(schema) ? schema : {}, `${name}.${argument}`).map(({ what, value }) => ({
      what: `${argument}: ${what}`,
      args: { ...good, [argument]: value },
    })),
  );
  return [...missing, ...wrong];
}

interface BadValue {
  readonly what: string;
  readonly value: unknown;
}

const BROKEN_TEXTS: readonly BadValue[] = [
  { what: 'a NUL', value: 'a\0b' },
  { what: 'half a surrogate pair', value: 'a\uD800' },
  { what: 'the other half', value: '\uDFFFb' },
];

function badValues(schema: Schema, path: string): readonly BadValue[] {
  const choices = [...listOf(schema, 'anyOf'), ...listOf(schema, 'oneOf')].filter(
    ({ type }) => type !== 'null',
  );
  const kinds = choices.length > 0 ? choices : [schema];
  const types = new Set(kinds.map(({ type }) => type));
  const isOpen = kinds.some(({ type, enum: values }) => type === undefined && values === undefined);
  if (isOpen) return BROKEN_TEXTS;
  return [
    ...wrongTypes(types),
    ...(types.has('string') ? BROKEN_TEXTS : []),
    ...kinds.flatMap((kind) => outOfBounds(kind, { path, isAlone: kinds.length === 1 })),
  ];
}

function wrongTypes(types: ReadonlySet<unknown>): readonly BadValue[] {
  const values: readonly (readonly [kinds: readonly string[], value: unknown])[] = [
    [['boolean'], true],
    [['number', 'integer'], 7],
    [['array'], [[]]],
    [['object'], { strange: { deep: true } }],
    [['null'], null],
  ];
  return values
    .filter(([kinds]) => !kinds.some((kind) => types.has(kind)))
    .map(([[kind], value]) => ({ what: `a value of type ${kind}`, value }));
}

function outOfBounds(
  schema: Schema,
  { path, isAlone }: { path: string; isAlone: boolean },
): readonly BadValue[] {
  if (Array.isArray(schema['enum']) || schema['const'] !== undefined) {
    return [{ what: 'no value of the list', value: 'no such value' }];
  }
  switch (schema['type']) {
    case 'string':
      return [{ what: 'too long', value: 'x'.repeat(boundOf(schema, 'maxLength', path) + 1) }];
    case 'array': {
      const length = boundOf(schema, 'maxItems', path) + 1;
      return [{ what: 'too many', value: Array.from({ length }, () => 'x') }];
    }
    case 'integer':
      return [
        { what: 'a fraction', value: 1.5 },
        { what: 'a huge number', value: 1e300 },
        { what: 'a huge negative number', value: -1e300 },
      ];
    case 'number':
      // Among other types a number may be as large as it likes: what a tool makes of it is for itself to say.
      return isAlone && schema['maximum'] !== undefined ? [{ what: 'a huge number', value: 1e300 }] : [];
    default:
      return [];
  }
}

function boundOf(schema: Schema, bound: string, path: string): number {
  const limit = schema[bound];
  if (typeof limit === 'number') return limit;
  // A text that has to look like a date is as long as one.
  if (bound === 'maxLength' && (schema['format'] ?? schema['pattern']) !== undefined) return 10_000;
  throw new Error(`${path} has no ${bound}: any input is bounded`);
}

function listOf(schema: Schema, key: string): readonly Schema[] {
  const value = schema[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}
