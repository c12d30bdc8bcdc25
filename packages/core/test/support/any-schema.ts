import * as fc from 'fast-check';

/** A JSON Schema with a value that it takes. */
export interface Example {
  readonly schema: Record<string, unknown>;
  readonly value: unknown;
}

const scalar: fc.Arbitrary<Example> = fc.oneof(
  fc.string({ maxLength: 8 }).map((value) => ({ schema: { type: 'string', maxLength: 8 }, value })),
  fc.constant({ schema: { type: 'string', pattern: '^a+$', format: 'hostname' }, value: 'aaa' }),
  fc.integer().map((value) => ({ schema: { type: 'integer', minimum: value, multipleOf: 1 }, value })),
  fc.boolean().map((value) => ({ schema: { type: 'boolean', default: true }, value })),
  fc.constantFrom('', 'a', 'b', 1, 2.5, true, null).map((value) => ({
    schema: { enum: ['', 'a', 'b', 1, 2.5, true, null], description: 'one of many' },
    value,
  })),
  fc.constantFrom(1, 2).map((value) => ({ schema: { type: 'integer', enum: [1, 2] }, value })),
  fc
    .constantFrom('a', null)
    .map((value) => ({ schema: { type: ['string', 'null'], enum: ['a', null] }, value })),
  fc.constant({ schema: { const: 'fixed' }, value: 'fixed' }),
  fc
    .constantFrom<unknown>('x', 7, null)
    .map((value) => ({ schema: { type: ['string', 'integer', 'null'] }, value })),
  fc.jsonValue({ maxDepth: 2 }).map((value) => ({ schema: {}, value })),
);

/** Names that every provider takes, and names that some refuse. */
const name = fc.constantFrom(
  'a',
  'b',
  'type',
  '$filter',
  'filter[name]',
  'über',
  'x'.repeat(70),
  'a b',
  'a_b',
);

/** Schemas with all that servers are known to send, and what they should not. */
const { example: anyExample, object: anyObject } = fc.letrec<{ example: Example; object: Example }>(
  (tie) => ({
    example: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      scalar,
      tie('object'),
      tie('example').map(({ schema, value }) => ({
        schema: { type: 'array', items: schema },
        value: [value, value],
      })),
      tie('example').map(({ schema, value }) => ({
        schema: { type: 'array', prefixItems: [schema, { type: 'string' }] },
        value: [value, 's'],
      })),
      fc.jsonValue({ maxDepth: 1 }).map((value) => ({ schema: { type: 'array' }, value: [value] })),
      fc.tuple(tie('example'), tie('example')).map(([one, other]) => ({
        schema: { anyOf: [one.schema, other.schema], description: 'either' },
        value: other.value,
      })),
      tie('example').map(({ schema, value }) => ({ schema: { oneOf: [schema, { type: 'null' }] }, value })),
      tie('example').map(({ schema, value }) => ({ schema: { allOf: [schema, { title: 'same' }] }, value })),
      tie('example').map(({ schema, value }) => ({
        schema: { type: 'object', additionalProperties: schema },
        value: { any: value },
      })),
      fc
        .dictionary(name, fc.jsonValue({ maxDepth: 1 }))
        .map((value) => ({ schema: { type: 'object' }, value })),
    ),
    object: fc
      .tuple(fc.dictionary(name, tie('example'), { maxKeys: 4 }), fc.boolean(), fc.boolean())
      .map(([properties, isClosed, isNeeded]) => ({
        schema: {
          type: 'object',
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, { schema }]) => [key, schema]),
          ),
          ...(isNeeded ? { required: Object.keys(properties) } : {}),
          ...(isClosed ? { additionalProperties: false } : {}),
        },
        value: Object.fromEntries(Object.entries(properties).map(([key, { value }]) => [key, value])),
      })),
  }),
);

/** Schemas of a tool's arguments: objects, with what may stand at the root of one. */
export const anyArguments: fc.Arbitrary<Example> = fc.oneof(
  anyObject,
  anyObject.map(({ schema, value }) => ({
    schema: {
      $ref: '#/$defs/Root',
      $defs: { Root: schema },
      $schema: 'https://json-schema.org/draft/2020-12/schema',
    },
    value,
  })),
  fc.tuple(anyObject, anyObject).map(([one, other]) => ({
    schema: { type: 'object', anyOf: [one.schema, other.schema] },
    value: one.value,
  })),
  anyObject.map(({ schema, value }) => ({
    schema: { ...schema, anyOf: [{ required: Object.keys(Object(value)) }, { required: ['a'] }] },
    value,
  })),
  anyObject.map(({ schema, value }) => ({
    schema: { allOf: [schema, { type: 'object', properties: { zzz: { type: 'string' } } }] },
    value,
  })),
  anyExample.map(({ schema, value }) => ({
    schema: {
      type: 'object',
      properties: { tree: { $ref: '#/$defs/Tree' } },
      $defs: {
        Tree: {
          type: 'object',
          properties: { leaf: schema, more: { type: 'array', items: { $ref: '#/$defs/Tree' } } },
        },
      },
    },
    value: {
      tree: { leaf: value, more: [{ leaf: value }, { more: [{ more: [{ more: [{ leaf: value }] }] }] }] },
    },
  })),
);
