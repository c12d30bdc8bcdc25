import type { Note } from './note.ts';

/** What a save did. `created` is false for a change, and for a repetition that changed nothing. */
export interface Saved {
  readonly key: string;
  readonly version: number;
  readonly created: boolean;
  readonly bytes: number;
}

/** What to do about a note that is there: replace its value, fail, or add a line to it. */
export type SaveMode = 'replace' | 'create' | 'append';

export interface SaveRequest {
  readonly key: string;
  readonly value: string;
  /** When absent, a note that is there keeps its own. */
  readonly tags?: readonly string[] | undefined;
  /** Default `replace`. */
  readonly mode?: SaveMode;
  /** Saves only when this is the version that is there; 0 for none. */
  readonly ifVersion?: number | undefined;
}

/** A note without its value. */
export type NoteHead = Pick<Note, 'key' | 'tags' | 'version' | 'updatedAt'>;

export interface NotePage {
  readonly notes: readonly NoteHead[];
  /** The last key, where there are more behind it. */
  readonly last?: string;
}

export interface SearchHit extends Pick<Note, 'key' | 'tags' | 'updatedAt'> {
  readonly snippet: string;
}

export interface SearchResult {
  readonly hits: readonly SearchHit[];
  /** `some` when no note has all the words, and these have at least one. */
  readonly matched: 'all' | 'some';
}

/** One kept version of a note. */
export interface NoteVersion {
  readonly version: number;
  readonly updatedAt: string;
  readonly bytes: number;
  /** The version that is there now; none of them is for a deleted note. */
  readonly isCurrent: boolean;
}

/** Notes, wherever they are kept. Every method may throw a ToolError `STORAGE` or `BUSY`, and those of note.ts. */
export interface NoteStore {
  /** Creates, replaces or extends a note. Throws `EXISTS` and `CONFLICT` when it is not as the request wants it. */
  save(request: SaveRequest): Saved;
  /** The note, or the version of it that was replaced by a later one or deleted, when it is still kept. */
  recall(key: string, version?: number): Note | undefined;
  /** Keys that look like one that is not there, the likeliest first. */
  nearest(key: string): readonly string[];
  search(query: string, options: { readonly limit: number; readonly tag?: string | undefined }): SearchResult;
  /** In the order of the keys, those behind `after`. */
  list(options: {
    readonly prefix: string;
    readonly limit: number;
    readonly after?: string | undefined;
    readonly tag?: string | undefined;
  }): NotePage;
  /** Kept versions, the newest first; those of a deleted note too. */
  history(key: string): readonly NoteVersion[];
  /** Deletes a note, whose versions stay in its history. False when there is none. */
  delete(key: string): boolean;
  /** Deletes a note and all that is kept of it. False when there was nothing. */
  forget(key: string): boolean;
  close(): void;
}

/** Replaced versions kept of each note; the oldest goes first. */
export const KEPT_VERSIONS = 20;
