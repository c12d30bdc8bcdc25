import { ToolError } from '@patchbay/server-kit';
import type { Note } from './note.ts';
import { toTags, toValue } from './note.ts';
import type { SaveRequest } from './note-store.ts';

/** What the note holds after the save. */
export type Planned =
  | { readonly kind: 'unchanged'; readonly note: Note }
  | {
      readonly kind: 'write';
      readonly value: string;
      readonly tags: readonly string[];
      readonly version: number;
    };

/**
 * Decides what a save comes to, given the note that is there and the newest version that its history knows.
 *
 * @throws {ToolError} `EXISTS`, `CONFLICT`, or what note.ts refuses.
 */
export function planSave(
  request: SaveRequest,
  { before, newestKept }: { readonly before: Note | undefined; readonly newestKept: number },
): Planned {
  refuse(request, before);
  const value = toValue(
    request.mode === 'append' && before ? `${before.value}\n${request.value}` : request.value,
  );
  const tags = request.tags === undefined ? (before?.tags ?? []) : toTags(request.tags);
  if (before?.value === value && JSON.stringify(before.tags) === JSON.stringify(tags)) {
    return { kind: 'unchanged', note: before };
  }
  // A note that was deleted goes on counting, or its versions would have two meanings.
  return { kind: 'write', value, tags, version: Math.max(before?.version ?? 0, newestKept) + 1 };
}

function refuse({ key, mode, ifVersion }: SaveRequest, before: Note | undefined): void {
  if (ifVersion !== undefined && ifVersion !== (before?.version ?? 0)) {
    const there = before === undefined ? 'is not there' : `is at version ${before.version}`;
    throw new ToolError('CONFLICT', `Note "${key}" ${there}, not at version ${ifVersion}`, {
      hint: 'Somebody changed it meanwhile: recall it, and save again from there.',
    });
  }
  if (mode !== 'create' || before === undefined) return;
  throw new ToolError('EXISTS', `There is a note "${key}" already (version ${before.version})`, {
    hint: 'Save with mode "replace" or "append", or under another key.',
  });
}
