import type { TakesKeyword } from './describe-keywords.ts';

/** What a provider takes of JSON Schema in the parameters of a tool. */
export interface SchemaDialect {
  /** Whether schemas may refer to definitions. */
  readonly refs: 'taken' | 'inlined';
  /** `any` takes every name of a property; `simple` is what Anthropic's API demands of them. */
  readonly propertyNames: 'any' | 'simple';
  /** `any` takes every construct; `narrow` is OpenAPI 3.0 as far as Gemini has it. */
  readonly forms: 'any' | 'narrow';
  /** Keywords that are taken; the others are said in the description. */
  readonly takes: TakesKeyword;
}

const NARROW_KEYWORDS: ReadonlySet<string> = new Set([
  'anyOf',
  'description',
  'enum',
  'items',
  'maximum',
  'minimum',
  'nullable',
  'properties',
  'required',
  'type',
]);

/** Keywords from which llama.cpp makes repetitions in its grammar, which it bounds, and expressions that it knows in part. */
const REPEATING: ReadonlySet<string> = new Set(['maxItems', 'maxLength', 'minItems', 'minLength', 'pattern']);

const takesAll: TakesKeyword = (keyword) => keyword !== '$schema';

/**
 * Every dialect that there is. At the root all of them want an object with properties and no choice between forms. A
 * provider names its own in the table of providers; with what is known of each:
 *
 * - `whole`: OpenAI and Azure, not strict, take schemas as they are. So do servers of which nothing else is known.
 * - `anthropic`: besides, names of properties are `[a-zA-Z0-9_.-]{1,64}`.
 * - `inlined`: templates of open models and routers to many providers often drop definitions; Ollama reads a few fields.
 * - `grammar`: llama.cpp, and LM Studio over it, refuse the whole request where a grammar cannot be made of a schema.
 * - `gemini`: refuses the whole request at the first keyword that it does not know.
 */
export const SCHEMA_DIALECTS: Readonly<Record<SchemaDialectName, SchemaDialect>> = {
  whole: { refs: 'taken', propertyNames: 'any', forms: 'any', takes: takesAll },
  anthropic: { refs: 'taken', propertyNames: 'simple', forms: 'any', takes: takesAll },
  inlined: { refs: 'inlined', propertyNames: 'any', forms: 'any', takes: takesAll },
  grammar: {
    refs: 'inlined',
    propertyNames: 'any',
    forms: 'any',
    takes: (keyword) => takesAll(keyword, undefined) && !REPEATING.has(keyword),
  },
  gemini: {
    refs: 'inlined',
    propertyNames: 'simple',
    forms: 'narrow',
    takes: (keyword, value) =>
      NARROW_KEYWORDS.has(keyword) || (keyword === 'format' && (value === 'date-time' || value === 'enum')),
  },
};

export type SchemaDialectName = 'whole' | 'anthropic' | 'inlined' | 'grammar' | 'gemini';
