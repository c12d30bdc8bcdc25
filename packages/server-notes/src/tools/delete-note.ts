import type { McpServer } from '@modelcontextprotocol/server';
import { addTool } from '@patchbay/server-kit';
import * as z from 'zod';
import type { NoteStore } from '../note-store.ts';
import { keyInput, noteNotFound } from './schemas.ts';

const inputSchema = z.object({
  key: keyInput,
  forget: z.boolean().default(false).describe('Whether to delete its kept versions too, for good'),
});

const outputSchema = z.object({ key: z.string(), deleted: z.boolean(), can_undo: z.boolean() });

/** Offers `delete_note`. */
export function addDeleteNote(server: McpServer, store: NoteStore): void {
  addTool(server, {
    name: 'delete_note',
    title: 'Delete a note',
    description:
      'Deletes a note. undo_note brings it back, unless forget is true: then all of its versions are gone for good, ' +
      'those of a note that was deleted before too.',
    input: inputSchema,
    output: outputSchema,
    hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    run({ key, forget }) {
      const isDone = forget ? store.forget(key) : store.delete(key);
      if (!isDone) throw noteNotFound(store, key);
      const after = forget ? 'for good' : 'undo_note brings it back';
      return {
        structured: { key, deleted: true, can_undo: !forget },
        text: `Deleted "${key}" (${after}).`,
      };
    },
  });
}
