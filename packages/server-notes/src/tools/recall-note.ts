import type { McpServer } from '@modelcontextprotocol/server';
import type { ToolAnswer } from '@patchbay/server-kit';
import { addTool, READ_ONLY, sliceText, ToolError } from '@patchbay/server-kit';
import * as z from 'zod';
import { MAX_VALUE_BYTES } from '../note.ts';
import type { NoteStore } from '../note-store.ts';
import { KEPT_VERSIONS } from '../note-store.ts';
import { keyInput, noteNotFound } from './schemas.ts';

const DEFAULT_CHARS = 50_000;
const MAX_CHARS = 200_000;

const shortInput = z.object({ key: keyInput });

const inputSchema = shortInput.extend({
  version: z.int().min(1).optional().describe('An earlier version, by number; when absent, the current one'),
  offset: z
    .int()
    .min(0)
    .max(MAX_VALUE_BYTES)
    .default(0)
    .describe('First character to read: next_offset of the last answer'),
  max_chars: z.int().min(200).max(MAX_CHARS).default(DEFAULT_CHARS).describe('Most characters to read'),
});

const outputSchema = z.object({
  key: z.string(),
  value: z.string(),
  tags: z.array(z.string()),
  version: z.int(),
  updated_at: z.string().describe('When this version was saved, ISO 8601 in UTC'),
  total_chars: z.int(),
  next_offset: z.int().optional().describe('Where to read on; absent at the end'),
});

interface Wanted {
  readonly key: string;
  readonly version?: number | undefined;
  readonly offset: number;
  readonly maxChars: number;
}

/** Offers `recall_note`, and `recall` with a key alone. */
export function addRecallNote(server: McpServer, store: NoteStore): void {
  addTool(server, {
    name: 'recall_note',
    title: 'Recall a note',
    description:
      'Returns the text that was saved under a key, with its tags and version; a long one in pieces, read on from ' +
      'next_offset. With version, a replaced or deleted one: the last 20 are kept. When there is no such note, the ' +
      'error lists keys that look like it.',
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY,
    run: ({ max_chars: maxChars, ...wanted }) => recall(store, { ...wanted, maxChars }),
  });
  addTool(server, {
    name: 'recall',
    title: 'Recall a value',
    description: `The short form of recall_note: the value under a key, its first ${DEFAULT_CHARS} characters.`,
    input: shortInput,
    output: outputSchema,
    hints: READ_ONLY,
    run: ({ key }) => recall(store, { key, offset: 0, maxChars: DEFAULT_CHARS }),
  });
}

function recall(store: NoteStore, wanted: Wanted): ToolAnswer<z.infer<typeof outputSchema>> {
  const { key: asked, version, offset } = wanted;
  const note = store.recall(asked, version);
  if (note === undefined) throw notFound(store, asked, version);
  const { key, value: whole, tags, updatedAt } = note;
  const { text: value, nextOffset } = sliceText(whole, wanted);
  const more =
    nextOffset === undefined
      ? ''
      : `\n\n[Characters ${offset} to ${nextOffset} of ${whole.length}. Read on with recall_note and offset ${nextOffset}.]`;
  return {
    structured: {
      key,
      value,
      tags: [...tags],
      version: note.version,
      updated_at: updatedAt,
      total_chars: whole.length,
      ...(nextOffset !== undefined && { next_offset: nextOffset }),
    },
    text: `${value}${more}`,
  };
}

function notFound(store: NoteStore, key: string, version: number | undefined): ToolError {
  const current = version === undefined ? undefined : store.recall(key);
  if (current === undefined) return noteNotFound(store, key);
  return new ToolError('NOT_FOUND', `Version ${version} of note "${key}" not found`, {
    hint: `The current version is ${current.version}; the ${KEPT_VERSIONS} before it are kept.`,
  });
}
