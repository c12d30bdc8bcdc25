import type { JsonSchema } from './tools.ts';

/** What is wrong with a value, or `undefined` when the schema takes it. */
export type SchemaCheck = (value: unknown) => string | undefined;

type Compiler = (schema: JsonSchema) => SchemaCheck;

let loading: Promise<Compiler> | undefined;

/** Compiles a schema. Rejects when that is not one. */
export async function compileSchema(schema: JsonSchema): Promise<SchemaCheck> {
  return (await loadCompiler())(schema);
}

/** What compiles schemas. It is loaded by the first who asks: that takes longer than all else that a start needs. */
export function loadCompiler(): Promise<Compiler> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Compiler> {
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
