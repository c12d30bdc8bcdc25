import type { McpServer } from '@modelcontextprotocol/server';
import { addTool, READ_ONLY } from '@patchbay/server-kit';
import * as z from 'zod';
import { MAX_KEY_LENGTH } from '../note.ts';
import type { NoteStore } from '../note-store.ts';
import { tagInput } from './schemas.ts';

const MAX_KEYS = 500;
const DEFAULT_KEYS = 100;

/** Offers `list_notes`. */
export function addListNotes(server: McpServer, store: NoteStore): void {
  addTool(server, {
    name: 'list_notes',
    title: 'List notes',
    description:
      'Lists the keys of saved notes in alphabetical order, without their text. Pass next_cursor back as cursor ' +
      'for the next page.',
    input: z.object({
      prefix: z.string().max(MAX_KEY_LENGTH).default('').describe('Only keys that start with this'),
      tag: tagInput,
      limit: z.int().min(1).max(MAX_KEYS).default(DEFAULT_KEYS).describe('Most keys to return'),
      cursor: z.string().max(MAX_KEY_LENGTH).optional().describe('next_cursor of the page before'),
    }),
    output: z.object({
      notes: z.array(
        z.object({ key: z.string(), tags: z.array(z.string()), version: z.int(), updated_at: z.string() }),
      ),
      next_cursor: z.string().optional().describe('Absent on the last page'),
    }),
    hints: READ_ONLY,
    run(input) {
      const page = store.list(input);
      const notes = page.notes.map(({ key, tags, version, updatedAt }) => ({
        key,
        tags: [...tags],
        version,
        updated_at: updatedAt,
      }));
      const lines = notes.map(({ key }) => key);
      const more = page.nextCursor === undefined ? [] : [`(more: cursor "${page.nextCursor}")`];
      return {
        structured: { notes, ...(page.nextCursor === undefined ? {} : { next_cursor: page.nextCursor }) },
        text: lines.length === 0 ? 'No notes.' : [...lines, ...more].join('\n'),
      };
    },
  });
}
