import { expect, test } from 'vitest';
import * as z from 'zod';
import { publishedSchema } from '../src/published-schema.ts';

const schema = z.object({ pages: z.number().default(1).describe('How many') });
const target = 'draft-2020-12';

test('a schema is converted once, apart for what goes in and what comes out', () => {
  const { jsonSchema } = publishedSchema(schema)['~standard'];
  const again = publishedSchema(schema)['~standard'].jsonSchema;
  expect(again.input({ target })).toBe(jsonSchema.input({ target }));
  expect(again.output({ target })).toBe(jsonSchema.output({ target }));
  const pages = { type: 'number', default: 1, description: 'How many' };
  expect(jsonSchema.input({ target })).toMatchObject({ properties: { pages } });
  expect(jsonSchema.input({ target })).not.toHaveProperty('required');
  expect(jsonSchema.output({ target })).toMatchObject({ properties: { pages }, required: ['pages'] });
});

test('another form of JSON Schema is a conversion of its own', () => {
  const { jsonSchema } = publishedSchema(schema)['~standard'];
  expect(jsonSchema.input({ target: 'draft-07' })).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
  });
  expect(jsonSchema.input({ target })).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
  });
});

test('everything passes it', () => {
  expect(publishedSchema(schema)['~standard'].validate({ pages: 'many' })).toEqual({
    value: { pages: 'many' },
  });
});
