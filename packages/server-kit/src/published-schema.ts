import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import type * as z from 'zod';

type Conversion = StandardSchemaWithJSON['~standard']['jsonSchema']['input'];

const published = new WeakMap<z.ZodObject, StandardSchemaWithJSON>();

/**
 * A schema as the SDK tells it to clients: everything passes it, as {@link addTool} checks by itself. Its JSON Schema is
 * made once: over HTTP a server is made for each request of 2026-07-28, and the SDK asks for both schemas with each call.
 */
export function publishedSchema(schema: z.ZodObject): StandardSchemaWithJSON {
  const known = published.get(schema);
  if (known) return known;
  const standard = schema['~standard'];
  const { input, output } = standard.jsonSchema;
  const jsonSchema = { input: once(input), output: once(output) };
  const made: StandardSchemaWithJSON = {
    '~standard': { ...standard, jsonSchema, validate: (value) => ({ value }) },
  };
  published.set(schema, made);
  return made;
}

function once(convert: Conversion): Conversion {
  const made = new Map<string, ReturnType<Conversion>>();
  return (options) => {
    const known = made.get(options.target) ?? convert(options);
    made.set(options.target, known);
    return known;
  };
}
