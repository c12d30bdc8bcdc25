import type { JsonSchema } from '@patchbay/core';
import { UsageError } from './command-line/usage-error.ts';

/**
 * Arguments of a tool from `key=value` words over one JSON object. A value is read as JSON where it is some and the
 * schema does not ask for a string: `a=17` is a number, but a text where text is wanted.
 *
 * @throws {UsageError}
 */
export function readToolArguments(
  pairs: readonly string[],
  json: string | undefined,
  schema: JsonSchema,
): Record<string, unknown> {
  const args = json === undefined ? {} : readObject(json);
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new UsageError(`"${pair}" is not key=value`);
    const key = pair.slice(0, equals);
    args[key] = readValue(pair.slice(equals + 1), wantsText(schema, key));
  }
  return args;
}

function readObject(json: string): Record<string, unknown> {
  const value = readValue(json, false);
  if (!isObject(value)) throw new UsageError('--args is not a JSON object');
  return { ...value };
}

function readValue(text: string, isText: boolean): unknown {
  if (isText) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function wantsText(schema: JsonSchema, key: string): boolean {
  const properties = schema['properties'];
  const property = isObject(properties) ? properties[key] : undefined;
  return isObject(property) && property['type'] === 'string';
}

/** The arguments that a schema names. */
export function argumentNames(schema: JsonSchema): readonly string[] {
  const properties = schema['properties'];
  return isObject(properties) ? Object.keys(properties) : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `a=1 b="two words"` as texts by name. Words without a name are passed over. */
export function readAssignments(text: string): Record<string, string> {
  const found = text.matchAll(/([\w-]+)=(?:"([^"]*)"|'([^']*)'|(\S*))/g);
  return Object.fromEntries(Array.from(found, ([, name, a, b, c]) => [name, a ?? b ?? c ?? '']));
}
