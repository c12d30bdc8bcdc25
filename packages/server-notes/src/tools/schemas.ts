import { ToolError } from '@patchbay/server-kit';
import * as z from 'zod';
import { MAX_KEY_LENGTH, MAX_TAG_LENGTH } from '../note.ts';
import type { NoteStore } from '../note-store.ts';

export const keyInput: z.ZodString = z
  .string()
  .min(1)
  .max(MAX_KEY_LENGTH)
  .describe('Name of the note, for example "trip/paris/hotel"');

export const tagInput: z.ZodOptional<z.ZodString> = z
  .string()
  .min(1)
  .max(MAX_TAG_LENGTH)
  .optional()
  .describe('Only notes with this tag');

/** Says that there is no such note, and which keys look like it. */
export function noteNotFound(store: NoteStore, key: string): ToolError {
  const keys = store.nearest(key).map((near) => `"${near}"`);
  const nearest = keys.length === 0 ? 'No key looks like it.' : `Nearest keys: ${keys.join(', ')}.`;
  return new ToolError('NOT_FOUND', `Note "${key}" not found. ${nearest}`, {
    hint: 'Find notes by their words with search_notes, or see all keys with list_notes.',
  });
}
