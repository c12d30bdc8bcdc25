import type { McpServer } from '@modelcontextprotocol/server';
import { addTool, cursorInput, cursorsOf, nextCursorOutput, READ_ONLY } from '@patchbay/server-kit';
import * as z from 'zod';
import { MAX_KEY_LENGTH } from '../note.ts';
import type { NoteStore } from '../note-store.ts';
import { tagInput } from './schemas.ts';

const MAX_KEYS = 500;
const DEFAULT_KEYS = 100;

const inputSchema = z.object({
  prefix: z.string().max(MAX_KEY_LENGTH).default('').describe('Only keys that start with this'),
  tag: tagInput,
  limit: z.int().min(1).max(MAX_KEYS).default(DEFAULT_KEYS).describe('Most keys to return'),
  cursor: cursorInput,
});

const outputSchema = z.object({
  notes: z.array(
    z.object({ key: z.string(), tags: z.array(z.string()), version: z.int(), updated_at: z.string() }),
  ),
  next_cursor: nextCursorOutput,
});

/** Offers `list_notes`. */
export function addListNotes(server: McpServer, store: NoteStore): void {
  addTool(server, {
    name: 'list_notes',
    title: 'List notes',
    description:
      'Lists the keys of saved notes in alphabetical order, without their text. Pass next_cursor back as cursor ' +
      'for the next page.',
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY,
    run({ prefix, tag, limit, cursor }) {
      const cursors = cursorsOf(['list_notes', prefix, tag]);
      const page = store.list({ prefix, tag, limit, after: cursors.read(cursor) });
      const next = cursors.write(page.last);
      const notes = page.notes.map(({ key, tags, version, updatedAt }) => ({
        key,
        tags: [...tags],
        version,
        updated_at: updatedAt,
      }));
      const lines = notes.map(({ key }) => key);
      const more = next === undefined ? [] : [`(more: cursor ${JSON.stringify(next)})`];
      return {
        structured: { notes, next_cursor: next },
        text: lines.length === 0 ? 'No notes.' : [...lines, ...more].join('\n'),
      };
    },
  });
}
