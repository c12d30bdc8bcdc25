import type { JsonSchema } from '../../tools.ts';
import type { Codec } from './codec.ts';
import { jsonText } from './codec.ts';

/** A choice between values as Gemini has it: between texts that are not empty, or null. */
export function narrowEnum(schema: JsonSchema, values: readonly unknown[]): Codec {
  const { description, title } = schema;
  const some = values.filter((value) => value !== null);
  const texts = new Map(some.map((value) => [textOf(value), value]));
  const isSaid = some.length > 0 && texts.size === new Set(some).size && !texts.has(undefined);
  if (!isSaid) return jsonText({ description, title, enum: values });
  const isNullable = some.length < values.length;
  return {
    schema: {
      ...(description === undefined ? {} : { description }),
      type: 'string',
      enum: [...texts.keys()],
      ...(isNullable ? { nullable: true } : {}),
    },
    isPlain: some.every((value) => typeof value === 'string'),
    encode: (value) => (value === null ? null : (textOf(value) ?? value)),
    decode: (value) => (typeof value === 'string' && texts.has(value) ? texts.get(value) : value),
  };
}

/** What stands for a value; nothing does for what is no simple value, and for an empty text, which is refused. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
