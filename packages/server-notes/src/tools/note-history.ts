import type { McpServer } from '@modelcontextprotocol/server';
import { addTool, READ_ONLY, ToolError } from '@patchbay/server-kit';
import * as z from 'zod';
import type { Note } from '../note.ts';
import type { NoteStore } from '../note-store.ts';
import { KEPT_VERSIONS } from '../note-store.ts';
import { keyInput, noteNotFound } from './schemas.ts';

const noteHistoryInput = z.object({ key: keyInput });

const undoNoteInput = z.object({
  key: keyInput,
  version: z
    .int()
    .min(1)
    .optional()
    .describe('Which version of note_history; when absent, the last before the current'),
});

const noteHistoryOutput = z.object({
  key: z.string(),
  deleted: z.boolean(),
  versions: z.array(
    z.object({ version: z.int(), updated_at: z.string(), bytes: z.int(), current: z.boolean() }),
  ),
});

const undoNoteOutput = z.object({
  key: z.string(),
  restored: z.int(),
  version: z.int().describe('Its number now'),
});

/** Offers `note_history` and `undo_note`. */
export function addNoteHistory(server: McpServer, store: NoteStore): void {
  addTool(server, {
    name: 'note_history',
    title: 'Versions of a note',
    description:
      `Lists the versions of a note that are kept, the newest first: the current one and up to ${KEPT_VERSIONS} before ` +
      'it, those of a deleted note too. Read one with recall_note and version, bring one back with undo_note.',
    input: noteHistoryInput,
    output: noteHistoryOutput,
    hints: READ_ONLY,
    run({ key }) {
      const versions = store.history(key);
      if (versions.length === 0) throw noteNotFound(store, key);
      const isDeleted = !versions.some(({ isCurrent }) => isCurrent);
      const lines = versions.map(
        ({ version, updatedAt, bytes, isCurrent }) =>
          `${version}: ${updatedAt}, ${bytes} bytes${isCurrent ? ' (current)' : ''}`,
      );
      return {
        structured: {
          key,
          deleted: isDeleted,
          versions: versions.map(({ version, updatedAt, bytes, isCurrent }) => ({
            version,
            updated_at: updatedAt,
            bytes,
            current: isCurrent,
          })),
        },
        text: [...(isDeleted ? [`"${key}" is deleted; undo_note brings it back.`] : []), ...lines].join('\n'),
      };
    },
  });
  addTool(server, {
    name: 'undo_note',
    title: 'Bring a version of a note back',
    description:
      'Brings back the version before the current one, or the one that is named, as a new version; a deleted note comes ' +
      'back as it was. Nothing is lost: undoing again returns to what there was before.',
    input: undoNoteInput,
    output: undoNoteOutput,
    hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    run({ key, version }) {
      const { before, wanted } = findVersion(store, key, version);
      // Of two that undo at once, one is told that it came too late.
      const saved = store.save({ ...wanted, ifVersion: before });
      return {
        structured: { key, restored: wanted.version, version: saved.version },
        text: `Brought version ${wanted.version} of "${key}" back (now version ${saved.version}).`,
      };
    },
  });
}

function findVersion(
  store: NoteStore,
  key: string,
  version: number | undefined,
): { readonly before: number; readonly wanted: Note } {
  const versions = store.history(key);
  if (versions.length === 0) throw noteNotFound(store, key);
  const current = versions.find(({ isCurrent }) => isCurrent)?.version ?? 0;
  const chosen = version ?? versions.find(({ isCurrent }) => !isCurrent)?.version;
  const wanted = chosen === undefined ? undefined : store.recall(key, chosen);
  if (wanted) return { before: current, wanted };
  throw new ToolError(
    'NOT_FOUND',
    chosen === undefined
      ? `Note "${key}" has no version before the current one`
      : `Version ${chosen} of note "${key}" not found`,
    { hint: 'note_history lists the versions that are kept.' },
  );
}
