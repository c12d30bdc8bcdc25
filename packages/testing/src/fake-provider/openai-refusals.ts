import type { JsonObject } from '../json.ts';
import { isObject, valueAt } from '../json.ts';
import type { Refusal } from './wire.ts';

/** Most tools that one request may define. */
export const MAX_TOOLS = 128;

const MAX_NAME_LENGTH = 64;
const NOT_AT_TOP = ['oneOf', 'anyOf', 'allOf', 'enum', 'not'];
const NAME = /^[a-zA-Z0-9_-]+$/;

/** An error as both of OpenAI's APIs report it. */
export function openAiErrorBody(type: string, { message, param, code }: Refusal): JsonObject {
  return { error: { message, type, param: param ?? null, code: code ?? null } };
}

/** What a server says that can do no more. */
export const OPENAI_OVERLOAD: JsonObject = openAiErrorBody('server_error', {
  message: 'The server had an error while processing your request.',
});

export function refusalOfName(name: unknown, param: string): Refusal | undefined {
  if (typeof name !== 'string') return missing(param);
  if (name.length > MAX_NAME_LENGTH) return tooLong(param, { limit: MAX_NAME_LENGTH, got: name.length });
  if (NAME.test(name)) return undefined;
  return {
    message: `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
    param,
    code: 'invalid_value',
  };
}

/** What is wrong with the schema of a tool's parameters, which may be left out. */
export function refusalOfSchema(name: string, parameters: unknown, param: string): Refusal | undefined {
  if (parameters === undefined) return undefined;
  const type = valueAt(parameters, 'type');
  if (isObject(parameters) && NOT_AT_TOP.some((keyword) => keyword in parameters)) {
    const reason =
      "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.";
    return invalidSchema(name, reason, param);
  }
  if (type === 'object' && isObject(valueAt(parameters, 'properties'))) return undefined;
  const reason =
    type === 'object'
      ? 'In context=(), object schema missing properties.'
      : `schema must be a JSON Schema of 'type: "object"', got 'type: ${JSON.stringify(type ?? 'None')}'.`;
  return invalidSchema(name, reason, param);
}

export function invalidSchema(name: string, reason: string, param: string): Refusal {
  return {
    message: `Invalid schema for function '${name}': ${reason}`,
    param,
    code: 'invalid_function_parameters',
  };
}

export function tooManyTools(count: number): Refusal {
  return {
    message: `Invalid 'tools': array too long. Expected an array with maximum length ${MAX_TOOLS}, but got an array with length ${count} instead.`,
    param: 'tools',
    code: 'array_above_max_length',
  };
}

export function tooLong(
  param: string,
  { limit, got }: { readonly limit: number; readonly got: number },
): Refusal {
  return {
    message: `Invalid '${param}': string too long. Expected a string with maximum length ${limit}, but got a string with length ${got} instead.`,
    param,
    code: 'string_above_max_length',
  };
}

export function missing(param: string): Refusal {
  return { message: `Missing required parameter: '${param}'.`, param, code: 'missing_required_parameter' };
}
