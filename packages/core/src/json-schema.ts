import type { JsonSchema } from './tools.ts';

/** What is wrong with a value, or `undefined` when the schema takes it. */
export type SchemaCheck = (value: unknown) => string | undefined;

let loading: Promise<(schema: JsonSchema) => SchemaCheck> | undefined;

/**
 * Compiles a schema. Rejects when that is not one. The validator is loaded by the first of them: it takes longer than
 * all else that a start needs.
 */
export async function compileSchema(schema: JsonSchema): Promise<SchemaCheck> {
  loading ??= load();
  return (await loading)(schema);
}

async function load(): Promise<(schema: JsonSchema) => SchemaCheck> {
  const { AjvJsonSchemaValidator } = await import('@modelcontextprotocol/client/validators/ajv');
  const validator = new AjvJsonSchemaValidator();
  return (schema) => {
    const validate = validator.getValidator({ ...schema });
    return (value) => {
      const result = validate(value);
      return result.valid ? undefined : result.errorMessage;
    };
  };
}
