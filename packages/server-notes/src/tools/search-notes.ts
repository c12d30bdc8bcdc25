import type { McpServer } from '@modelcontextprotocol/server';
import { addTool, READ_ONLY } from '@patchbay/server-kit';
import * as z from 'zod';
import type { NoteStore } from '../note-store.ts';
import { tagInput } from './schemas.ts';

const MAX_QUERY_LENGTH = 500;
const MAX_HITS = 50;
const DEFAULT_HITS = 10;

const inputSchema = z.object({
  query: z.string().min(1).max(MAX_QUERY_LENGTH).describe('Words to look for'),
  tag: tagInput,
  limit: z.int().min(1).max(MAX_HITS).default(DEFAULT_HITS).describe('Most notes to return'),
});

const outputSchema = z.object({
  hits: z.array(
    z.object({
      key: z.string(),
      snippet: z.string(),
      tags: z.array(z.string()),
      updated_at: z.string(),
    }),
  ),
  matched: z.enum(['all', 'some']).describe('Whether each hit has all the words or at least one'),
});

/** Offers `search_notes`. */
export function addSearchNotes(server: McpServer, store: NoteStore): void {
  addTool(server, {
    name: 'search_notes',
    title: 'Search notes',
    description:
      'Finds notes by the words in their key, text and tags, in any case and as parts of words, Chinese too. Notes ' +
      'with all words come first; when there are none, those with some of them. Nothing in a query is an operator. ' +
      'Returns keys and snippets: read a whole note with recall_note.',
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY,
    run({ query, limit, tag }) {
      const { hits, matched } = store.search(query, { limit, tag });
      const lines = hits.map(({ key, snippet }) => `${key}: ${snippet}`);
      const text = lines.length === 0 ? 'No note has any of these words.' : lines.join('\n');
      return {
        structured: {
          hits: hits.map(({ key, snippet, tags, updatedAt }) => ({
            key,
            snippet,
            tags: [...tags],
            updated_at: updatedAt,
          })),
          matched,
        },
        text:
          matched === 'some' && hits.length > 0
            ? `No note has all these words; some have part:\n${text}`
            : text,
      };
    },
  });
}
