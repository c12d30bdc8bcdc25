import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ToolError } from '@patchbay/server-kit';
import { BUSY_TIMEOUT_MS, writing } from '../database.ts';
import type { Note } from '../note.ts';
import { MAX_VALUE_BYTES } from '../note.ts';
import { formatNote, parseNote } from './note-file.ts';

/** Most files that are read for a list or a search. */
const MAX_FILES = 20_000;

/** Files that are longer are none of ours; the rest is for the front matter. */
const MAX_FILE_BYTES = MAX_VALUE_BYTES + 100_000;

/** The files of a folder, by paths relative to it. */
export interface NoteFolder {
  /** Runs `work` while no other process does. Ends with this process, however that ends. */
  locked<Result>(work: () => Result): Result;
  /** Nothing when there is no such file. */
  read(path: string): Note | undefined;
  /** All notes, in no order. */
  readAll(): readonly Note[];
  /** Makes the file or replaces it, whole at any moment. */
  write(path: string, note: Note): void;
  remove(path: string): void;
  /** False when there is none. */
  removeFolder(path: string): boolean;
  /** The numbers by which files in a folder are called. */
  versions(folder: string): readonly number[];
  close(): void;
}

/** Opens a folder, made for this user alone when it is missing. */
export function openNoteFolder(folder: string): NoteFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const root = realpathSync(folder);
  // The lock of an empty database goes with its process, which a lock file would outlive.
  const lock = new DatabaseSync(join(root, '.lock'), { timeout: BUSY_TIMEOUT_MS });

  function read(path: string): Note | undefined {
    refuseLinks(root, path);
    const file = join(root, path);
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats?.isFile() !== true || stats.size > MAX_FILE_BYTES) return undefined;
    return parseNote(readFileSync(file, 'utf8').toWellFormed(), { path, changedAt: stats.mtime });
  }

  return {
    read,
    locked: (work) => writing(lock, work),
    readAll: () =>
      Array.from(notePaths(root, ''))
        .slice(0, MAX_FILES)
        .flatMap((path) => read(path) ?? []),
    write(path, note) {
      refuseLinks(root, path);
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeWhole(file, formatNote(note));
    },
    remove(path) {
      refuseLinks(root, path);
      rmSync(join(root, path), { force: true });
    },
    removeFolder(path) {
      const isThere = lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
      rmSync(join(root, path), { recursive: true, force: true });
      return isThere;
    },
    versions(path) {
      const names = lstatSync(join(root, path), { throwIfNoEntry: false })
        ? readdirSync(join(root, path))
        : [];
      return names.flatMap((name) => (/^\d+\.md$/u.test(name) ? [Number.parseInt(name, 10)] : []));
    },
    close: () => lock.close(),
  };
}

/** Hidden files and folders are left out: the history, other programs' settings, files half written. */
function* notePaths(root: string, folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) yield* notePaths(root, path);
    if (entry.isFile() && entry.name.endsWith('.md')) yield path;
  }
}

/** A link on the way would lead out of the folder. */
function refuseLinks(root: string, path: string): void {
  let step = root;
  for (const part of path.split('/')) {
    step = join(step, part);
    if (lstatSync(step, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      throw new ToolError('STORAGE', `${step} is a link, which is not followed`, {
        hint: 'Whoever set this server up has to put the notes themselves there.',
      });
    }
  }
}

function writeWhole(file: string, text: string): void {
  const temporary = join(dirname(file), `.${randomUUID()}.tmp`);
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
}
