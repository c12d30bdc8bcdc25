import { resolve } from 'node:path';
import { nearest } from '@patchbay/server-kit';
import type { Note } from '../note.ts';
import { toKey, toTags } from '../note.ts';
import type { NotePage, NoteStore, NoteVersion, Saved, SaveRequest } from '../note-store.ts';
import { KEPT_VERSIONS } from '../note-store.ts';
import { planSave } from '../saving.ts';
import { withStorageErrors } from '../storage-errors.ts';
import { historyFolder, notePath } from './note-file.ts';
import type { NoteFolder } from './note-folder.ts';
import { openNoteFolder } from './note-folder.ts';
import { searchTexts } from './search-texts.ts';

/**
 * Notes as Markdown files in a folder, one each, for people who open them with other programs. What those change is
 * seen at once; replaced versions are kept below `.history`. Every search reads all files.
 */
export function openMarkdownStore(folder: string, now: () => Date = () => new Date()): NoteStore {
  const root = resolve(folder);
  let open: NoteFolder | undefined;
  const use = <Result>(work: (notes: NoteFolder) => Result): Result =>
    withStorageErrors(root, () => work((open ??= openNoteFolder(root))));
  const all = (tag?: string): readonly Note[] =>
    use((notes) => withTag(notes.readAll(), tag).toSorted((a, b) => compareKeys(a.key, b.key)));

  return {
    save: (request) => use((notes) => notes.locked(() => save(notes, request, now().toISOString()))),
    recall: (key, version) => use((notes) => recall(notes, toKey(key), version)),
    nearest: (key) =>
      nearest(
        toKey(key),
        all().map((note) => note.key),
      ),
    search: (query, { limit, tag }) => searchTexts(all(tag), query, limit),
    list: ({ tag, ...options }) => page(all(tag), options),
    history: (key) => use((notes) => history(notes, toKey(key))),
    delete: (key) => use((notes) => notes.locked(() => remove(notes, toKey(key)))),
    forget: (key) =>
      use((notes) =>
        notes.locked(() => {
          const isThere = remove(notes, toKey(key));
          return notes.removeFolder(historyFolder(toKey(key))) || isThere;
        }),
      ),
    close() {
      open?.close();
      open = undefined;
    },
  };
}

function save(notes: NoteFolder, request: SaveRequest, time: string): Saved {
  const key = toKey(request.key);
  const before = recall(notes, key);
  const newestKept = Math.max(0, ...notes.versions(historyFolder(key)));
  const planned = planSave({ ...request, key }, { before, newestKept });
  if (planned.kind === 'unchanged') return toSaved(planned.note, false);
  if (before) keep(notes, before);
  const { value, tags, version } = planned;
  const note = { key, value, tags, version, updatedAt: time };
  notes.write(notePath(key), note);
  return toSaved(note, before === undefined);
}

function toSaved({ key, value, version }: Note, created: boolean): Saved {
  return { key, version, created, bytes: Buffer.byteLength(value) };
}

function recall(notes: NoteFolder, key: string, version?: number): Note | undefined {
  const current = notes.read(notePath(key));
  if (version === undefined || current?.version === version) return current && { ...current, key };
  return notes.read(`${historyFolder(key)}/${version}.md`);
}

/** The newest go on being kept. */
function keep(notes: NoteFolder, note: Note): void {
  const folder = historyFolder(note.key);
  notes.write(`${folder}/${note.version}.md`, note);
  for (const version of notes.versions(folder)) {
    if (version <= note.version - KEPT_VERSIONS) notes.remove(`${folder}/${version}.md`);
  }
}

function remove(notes: NoteFolder, key: string): boolean {
  const note = recall(notes, key);
  if (note === undefined) return false;
  keep(notes, note);
  notes.remove(notePath(key));
  return true;
}

function history(notes: NoteFolder, key: string): readonly NoteVersion[] {
  const current = recall(notes, key);
  const folder = historyFolder(key);
  const older = notes.versions(folder).flatMap((version) => notes.read(`${folder}/${version}.md`) ?? []);
  const versions = [
    ...(current ? [toVersion(current, true)] : []),
    ...older.map((note) => toVersion(note, false)),
  ];
  return versions.toSorted((a, b) => b.version - a.version);
}

function toVersion({ version, updatedAt, value }: Note, isCurrent: boolean): NoteVersion {
  return { version, updatedAt, bytes: Buffer.byteLength(value), isCurrent };
}

function page(
  notes: readonly Note[],
  { prefix, limit, after }: { prefix: string; limit: number; after?: string | undefined },
): NotePage {
  const start = prefix.normalize('NFC');
  const rest = notes.filter(
    ({ key }) => key.startsWith(start) && (after === undefined || compareKeys(key, after) > 0),
  );
  const shown = rest.slice(0, limit);
  const last = rest.length > limit ? shown.at(-1) : undefined;
  const heads = shown.map(({ key, tags, version, updatedAt }) => ({ key, tags, version, updatedAt }));
  return last === undefined ? { notes: heads } : { notes: heads, last: last.key };
}

/** By bytes, as SQLite does. */
function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function withTag(notes: readonly Note[], tag: string | undefined): readonly Note[] {
  const [wanted] = tag === undefined ? [] : toTags([tag]);
  return wanted === undefined ? notes : notes.filter(({ tags }) => tags.includes(wanted));
}
