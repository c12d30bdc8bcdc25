import type { McpServer } from '@modelcontextprotocol/server';
import type { ToolAnswer } from '@patchbay/server-kit';
import { addTool } from '@patchbay/server-kit';
import * as z from 'zod';
import { MAX_TAG_LENGTH, MAX_TAGS, MAX_VALUE_BYTES } from '../note.ts';
import type { NoteStore, SaveRequest } from '../note-store.ts';
import { keyInput } from './schemas.ts';

const shortInput = z.object({
  key: keyInput,
  value: z.string().max(MAX_VALUE_BYTES).describe('The text to keep'),
});

const inputSchema = shortInput.extend({
  tags: z
    .array(z.string().min(1).max(MAX_TAG_LENGTH))
    .max(MAX_TAGS)
    .optional()
    .describe('Words to find it by; when absent, a replaced note keeps its tags'),
  mode: z
    .enum(['replace', 'create', 'append'])
    .default('replace')
    .describe('When the note is there: replace its text, refuse, or add the value as a new line at its end'),
  if_version: z
    .int()
    .min(0)
    .optional()
    .describe('Save only if the note is at this version; 0: only if there is none'),
});

const outputSchema = z.object({
  key: z.string(),
  version: z.int().describe('1 for a new note, one more for each change'),
  created: z.boolean().describe('Whether there was no such note before'),
  bytes: z.int().describe('Size of the whole text in UTF-8'),
});

/** Not destructive: what a save replaces stays in the history and can be recalled. */
const HINTS = { readOnlyHint: false, destructiveHint: false, openWorldHint: false } as const;

/** Offers `save_note`, and `save` with a key and a value alone. */
export function addSaveNote(server: McpServer, store: NoteStore): void {
  addTool(server, {
    name: 'save_note',
    title: 'Save a note',
    description:
      'Keeps a text under a key, for later conversations too. Saving under a key that exists makes a new version; the ' +
      'last 20 replaced ones stay, see note_history and undo_note. Saving the same again changes nothing. Texts are of ' +
      'up to 1 MB.',
    input: inputSchema,
    output: outputSchema,
    // To append twice is not to append once.
    hints: { ...HINTS, idempotentHint: false },
    run: ({ if_version: ifVersion, ...note }) => save(store, { ...note, ifVersion }),
  });
  addTool(server, {
    name: 'save',
    title: 'Save a value',
    description: 'The short form of save_note: keeps a value under a key, and replaces what was there.',
    input: shortInput,
    output: outputSchema,
    hints: { ...HINTS, idempotentHint: true },
    run: (note) => save(store, note),
  });
}

function save(store: NoteStore, request: SaveRequest): ToolAnswer<z.infer<typeof outputSchema>> {
  const saved = store.save(request);
  return {
    structured: { ...saved },
    text: `Saved "${saved.key}" (version ${saved.version}, ${saved.bytes} bytes).`,
  };
}
