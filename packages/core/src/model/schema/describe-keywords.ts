import { isRecord } from '../../json.ts';
import type { JsonSchema } from '../../tools.ts';
import { mapSubschemas } from './subschemas.ts';

/** Longest note that a keyword leaves in a description, in characters. */
const MAX_NOTE_CHARS = 300;

/** Keywords that tell a model nothing. */
const SILENT: ReadonlySet<string> = new Set(['$comment', '$schema', 'deprecated', 'readOnly', 'writeOnly']);

/** Whether a provider takes a keyword with this value. */
export type TakesKeyword = (keyword: string, value: unknown) => boolean;

/** The schema with the keywords that are not taken said in the descriptions instead, at every depth. */
export function describeKeywords(schema: JsonSchema, takes: TakesKeyword): JsonSchema {
  const entries = Object.entries(schema);
  const kept = Object.fromEntries(entries.filter(([keyword, value]) => takes(keyword, value)));
  const notes = entries
    .filter(([keyword, value]) => !takes(keyword, value) && !SILENT.has(keyword))
    .map(([keyword, value]) => noteOf(keyword, value));
  const changed = mapSubschemas(kept, (inner) => (isRecord(inner) ? describeKeywords(inner, takes) : inner));
  return notes.length === 0 ? changed : withNote(changed, notes.join('; '));
}

/** The schema with a remark added to its description. */
export function withNote(schema: JsonSchema, note: string): JsonSchema {
  const { description } = schema;
  const isDescribed = typeof description === 'string' && description !== '';
  return { ...schema, description: isDescribed ? `${description} (${note})` : note };
}

/** `keyword: value`, with the value as JSON and cut where it is long. */
export function noteOf(keyword: string, value: unknown): string {
  const text = JSON.stringify(value);
  const shown = text.length > MAX_NOTE_CHARS ? `${text.slice(0, MAX_NOTE_CHARS).toWellFormed()}…` : text;
  return `${keyword}: ${shown}`;
}
