import { isRecord } from '../../json.ts';
import type { JsonSchema } from '../../tools.ts';
import { noteOf, withNote } from './describe-keywords.ts';

/** A schema as a provider gets it, and how values go between it and the schema that it stands for. */
export interface Codec {
  readonly schema: JsonSchema;
  /** Whether values are the same in both. */
  readonly isPlain: boolean;
  /** From the original's form to the provider's. */
  readonly encode: (value: unknown) => unknown;
  /**
   * From the provider's form to the original's. A value that a model wrote in another form than it was told comes back
   * as it is: whoever checks it against the original has the last word.
   */
  readonly decode: (value: unknown) => unknown;
}

/** A schema whose values are the same in both forms. */
export function plain(schema: JsonSchema): Codec {
  return { schema, isPlain: true, encode: same, decode: same };
}

function same(value: unknown): unknown {
  return value;
}

/** A value of any form, as a text that holds its JSON: for what a provider's schemas have no words for. */
export function jsonText(original: JsonSchema): Codec {
  const { description, title, ...form } = original;
  const text = [description, title].find((each) => typeof each === 'string');
  const hasForm = Object.keys(form).length > 0;
  const note = hasForm ? `a value as JSON text, ${noteOf('of the schema', form)}` : 'any value, as JSON text';
  return {
    schema: withNote({ type: 'string', ...(text === undefined ? {} : { description: text }) }, note),
    isPlain: false,
    encode: (value) => JSON.stringify(value),
    decode: (value) => (typeof value === 'string' ? parsedOr(value) : value),
  };
}

/** All arguments as one argument, for a root that a provider refuses at the root but not below it. */
export function wrapped(inner: Codec): Codec {
  return {
    schema: {
      type: 'object',
      properties: { input: inner.schema },
      required: ['input'],
      additionalProperties: false,
    },
    isPlain: false,
    encode: (value) => ({ input: inner.encode(value) }),
    decode: (value) => {
      // A model that forgets the wrapper means the same.
      const isWrapped = isRecord(value) && Object.keys(value).length === 1 && 'input' in value;
      return inner.decode(isWrapped ? value['input'] : value);
    },
  };
}

/** First the one, then the other: `outer` stands for what `inner` stands for. */
export function chained(inner: Codec, outer: Codec): Codec {
  return {
    schema: outer.schema,
    isPlain: inner.isPlain && outer.isPlain,
    encode: (value) => outer.encode(inner.encode(value)),
    decode: (value) => inner.decode(outer.decode(value)),
  };
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
