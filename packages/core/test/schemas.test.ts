import { requestRefusal } from '@patchbay/testing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toMessagesBody } from '../src/model/anthropic-messages.ts';
import type { ModelRequest } from '../src/model/language-model.ts';
import { userMessage } from '../src/model/language-model.ts';
import { toResponsesBody } from '../src/model/openai-responses.ts';
import type { SchemaDialectName } from '../src/model/schema/dialects.ts';
import { SCHEMA_DIALECTS } from '../src/model/schema/dialects.ts';
import { rewriteSchema } from '../src/model/schema/rewrite-schema.ts';
import { loadCompiler } from '../src/json-schema.ts';
import type { JsonSchema } from '../src/tools.ts';
import { anyArguments } from './support/any-schema.ts';
import { definition } from './support/fake-tools.ts';
import { geminiRefusal } from './support/gemini-rules.ts';

const NAMES = Object.keys(SCHEMA_DIALECTS) as SchemaDialectName[];
const COMBINERS = ['allOf', 'anyOf', 'const', 'enum', 'not', 'oneOf'];

const compile = await loadCompiler();

function problem(schema: JsonSchema, args: unknown): string | undefined {
  return compile(schema)(args);
}

/** All records in a JSON value, itself first. */
function recordsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(recordsIn);
  return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner];
}

/** Schemas of Gemini in the words of JSON Schema, which has no `nullable`. */
function asJsonSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(asJsonSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, asJsonSchema(value)]),
  );
  return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
}

test.for(NAMES)('whatever arguments a schema takes, %s can be given them and gives them back', (name) => {
  fc.assert(
    fc.property(anyArguments, ({ schema, value }) => {
      fc.pre(problem(schema, value) === undefined);
      const rewriting = rewriteSchema(schema, SCHEMA_DIALECTS[name]);
      if (rewriting.kind === 'impossible') throw new Error(rewriting.reason);
      const { codec } = rewriting;
      const wire: unknown = JSON.parse(JSON.stringify(codec.encode(value)));
      expect(problem(asJsonSchema(codec.schema) as JsonSchema, wire)).toBeUndefined();
      const back = codec.decode(wire);
      expect(back).toEqual(JSON.parse(JSON.stringify(value)));
      expect(problem(schema, back)).toBeUndefined();
      expect(codec.isPlain ? wire : back).toEqual(back);
    }),
    { numRuns: 100 },
  );
});

/** What the provider of a dialect would say of a schema, by rules written down from the refusals of each. */
const REFUSALS: Readonly<Record<SchemaDialectName, (schema: JsonSchema) => string | undefined>> = {
  whole: (schema) => requestRefusal('openai-responses', toResponsesBody('m', requestWith(schema))),
  anthropic: (schema) =>
    refusedName(schema) ?? requestRefusal('anthropic-messages', toMessagesBody('m', requestWith(schema))),
  inlined: refusedReference,
  grammar: (schema) =>
    refusedReference(schema) ?? /"(?:pattern|maxLength)":/.exec(JSON.stringify(schema))?.[0],
  gemini: (schema) => refusedName(schema) ?? geminiRefusal(schema),
};

function requestWith(inputSchema: JsonSchema): ModelRequest {
  return { messages: [userMessage('go')], tools: [{ ...definition('x'), inputSchema }] };
}

function refusedName(schema: JsonSchema): string | undefined {
  return /"(?:\$filter|filter\[name\]|über|a b|x{70})":/.exec(JSON.stringify(schema))?.[0];
}

function refusedReference(schema: JsonSchema): string | undefined {
  return recordsIn(schema).some((each) => '$ref' in each) ? '$ref' : undefined;
}

test.for(NAMES)('what %s is given, it takes', (name) => {
  fc.assert(
    fc.property(anyArguments, ({ schema }) => {
      const rewriting = rewriteSchema(schema, SCHEMA_DIALECTS[name]);
      if (rewriting.kind === 'impossible') throw new Error(rewriting.reason);
      const rewritten = rewriting.codec.schema;
      expect(rewritten).toMatchObject({ type: 'object', properties: expect.anything() });
      expect(COMBINERS.filter((keyword) => keyword in rewritten)).toEqual([]);
      expect(REFUSALS[name](rewritten)).toBeUndefined();
    }),
    { numRuns: 100 },
  );
});

test('a schema that a provider takes is sent as it is', () => {
  const schema = {
    type: 'object',
    properties: { tree: { $ref: '#/$defs/Tree' }, at: { type: 'string', format: 'date-time' } },
    required: ['tree'],
    $defs: {
      Tree: { type: 'object', properties: { more: { type: 'array', items: { $ref: '#/$defs/Tree' } } } },
    },
  };
  for (const name of ['whole', 'anthropic'] as const) {
    const rewriting = rewriteSchema(schema, SCHEMA_DIALECTS[name]);
    expect(rewriting).toMatchObject({ kind: 'rewritten', codec: { isPlain: true } });
    expect(rewriting.kind === 'rewritten' && rewriting.codec.schema).toBe(schema);
  }
});

const CASES: readonly { title: string; dialect: SchemaDialectName; schema: JsonSchema; sent: JsonSchema }[] =
  [
    {
      title: 'a condition at the root is said in words',
      dialect: 'anthropic',
      schema: {
        type: 'object',
        description: 'Finds.',
        properties: { id: {}, name: {} },
        anyOf: [{ required: ['id'] }, { required: ['name'] }],
      },
      sent: {
        type: 'object',
        description: 'Finds. (anyOf: [{"required":["id"]},{"required":["name"]}])',
        properties: { id: {}, name: {} },
      },
    },
    {
      title: 'a choice at the root moves below it',
      dialect: 'whole',
      schema: {
        type: 'object',
        oneOf: [{ properties: { url: { type: 'string' } } }, { properties: { text: { type: 'string' } } }],
      },
      sent: {
        type: 'object',
        properties: {
          input: {
            type: 'object',
            oneOf: [
              { properties: { url: { type: 'string' } } },
              { properties: { text: { type: 'string' } } },
            ],
          },
        },
        required: ['input'],
        additionalProperties: false,
      },
    },
    {
      title: 'what llama.cpp makes no grammar of is said in words',
      dialect: 'grammar',
      schema: { type: 'object', properties: { key: { type: 'string', pattern: '[a-z]+', maxLength: 2000 } } },
      sent: {
        type: 'object',
        properties: { key: { type: 'string', description: 'pattern: "[a-z]+"; maxLength: 2000' } },
      },
    },
    {
      title: 'definitions that refer to themselves are written out twice',
      dialect: 'inlined',
      schema: {
        type: 'object',
        properties: { list: { $ref: '#/definitions/List' } },
        definitions: { List: { type: 'object', properties: { next: { $ref: '#/definitions/List' } } } },
      },
      sent: {
        type: 'object',
        properties: {
          list: {
            type: 'object',
            properties: {
              next: { type: 'object', properties: { next: { description: 'of the form "List"' } } },
            },
          },
        },
      },
    },
    {
      title: 'Gemini gets one type, named values as texts, and free forms as JSON text',
      dialect: 'gemini',
      schema: {
        type: 'object',
        properties: {
          level: { enum: [1, 2, null] },
          limit: { type: ['integer', 'null'], exclusiveMinimum: 0 },
          'filter[tag]': { type: 'object' },
        },
        required: ['filter[tag]'],
        additionalProperties: false,
      },
      sent: {
        type: 'object',
        properties: {
          level: { type: 'string', enum: ['1', '2'], nullable: true },
          limit: { type: 'integer', nullable: true, description: 'exclusiveMinimum: 0' },
          filter_tag_: {
            type: 'string',
            description: 'a value as JSON text, of the schema: {"type":"object"}',
          },
        },
        required: ['filter_tag_'],
      },
    },
    {
      title: 'a list of anything says so, and a reference that leads nowhere goes',
      dialect: 'whole',
      schema: {
        type: 'object',
        properties: { list: { type: 'array' }, lost: { $ref: 'https://example.com/x' } },
      },
      sent: {
        type: 'object',
        properties: { list: { type: 'array', items: {} }, lost: { description: 'of the form "x"' } },
      },
    },
  ];

test.for(CASES)('$title', ({ dialect, schema, sent }) => {
  expect(rewriteSchema(schema, SCHEMA_DIALECTS[dialect])).toMatchObject({
    kind: 'rewritten',
    codec: { schema: sent },
  });
});

test.for<[JsonSchema, string]>([
  [{ type: 'string' }, 'its arguments are of the type string, and only an object can be passed'],
  [
    { $ref: '#/$defs/A', $defs: { A: { type: 'array' } } },
    'its arguments are of the type array, and only an object can be passed',
  ],
  [{ enum: [1, 2] }, 'its arguments may be none that is an object, and only an object can be passed'],
])('of a tool that takes %j the model is not told', ([schema, reason]) => {
  expect(rewriteSchema(schema, SCHEMA_DIALECTS.whole)).toEqual({ kind: 'impossible', reason });
});

test('definitions that double at every level end', () => {
  const $defs = Object.fromEntries(
    Array.from({ length: 30 }, (_, level) => [
      `L${level}`,
      { properties: { a: { $ref: `#/$defs/L${level + 1}` }, b: { $ref: `#/$defs/L${level + 1}` } } },
    ]),
  );
  const schema = { type: 'object', properties: { top: { $ref: '#/$defs/L0' } }, $defs };
  const rewriting = rewriteSchema(schema, SCHEMA_DIALECTS.inlined);
  expect(JSON.stringify(rewriting).length).toBeLessThan(100_000);
});
