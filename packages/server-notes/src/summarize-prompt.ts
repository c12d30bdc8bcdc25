import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { MAX_TAG_LENGTH } from './note.ts';

/** Offers the prompt `summarize_notes`. */
export function addSummarizePrompt(server: McpServer): void {
  server.registerPrompt(
    'summarize_notes',
    {
      title: 'Summarize notes',
      description: 'Sums up the notes with a tag, or all of them',
      argsSchema: z.object({
        tag: z.string().max(MAX_TAG_LENGTH).optional().describe('Only notes with this tag'),
      }),
    },
    ({ tag }) => {
      // Hosts send what a user left blank as an empty text.
      const which = tag?.trim() ? `the notes tagged ${JSON.stringify(tag)}` : 'all notes';
      const text =
        `Sum up ${which}: find them with list_notes, read them with recall_note, and tell what they say in a few ` +
        'paragraphs, with the key of the note behind each statement. Say so when there are none.';
      return { messages: [{ role: 'user', content: { type: 'text', text } }] };
    },
  );
}
