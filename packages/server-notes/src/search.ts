import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { ToolError } from '@patchbay/server-kit';
import type { Note } from './note.ts';
import type { SearchHit, SearchResult } from './note-store.ts';
import { isIndexed, parseQuery, patternForScan, quoteForIndex } from './query.ts';
import { noteFromRow } from './rows.ts';
import { snippet } from './snippet.ts';

interface Options {
  readonly limit: number;
  readonly tag: string | undefined;
}

/**
 * Finds notes whose key, value or tags contain the query's words, as parts of words too, in any case.
 *
 * @throws {ToolError} `EMPTY_QUERY` when there is no word in it.
 */
export function searchNotes(db: DatabaseSync, text: string, options: Options): SearchResult {
  const { terms, words } = parseQuery(text);
  if (terms.length === 0) {
    throw new ToolError('EMPTY_QUERY', 'there is no word to search for', {
      hint: 'Use list_notes to see all keys.',
    });
  }
  const toHits = (notes: readonly Note[]): readonly SearchHit[] =>
    notes.map(({ key, value, tags, updatedAt }) => ({
      key,
      snippet: snippet(value, words),
      tags,
      updatedAt,
    }));

  const all = findAll(db, terms, options);
  if (all.length > 0 || words.length < 2) return { hits: toHits(all), matched: 'all' };
  return { hits: toHits(findSome(db, words, options)), matched: 'some' };
}

const COLUMNS = 'n.key, n.value, n.tags, n.version, n.updated_at';
const CONTAINS = String.raw`(n.key LIKE ? ESCAPE '\' OR n.value LIKE ? ESCAPE '\' OR n.tags LIKE ? ESCAPE '\')`;
const TAGGED = '(? IS NULL OR EXISTS (SELECT 1 FROM json_each(n.tags) WHERE value = ?))';
/** A word in the key says more than one in the value. */
const RANK = 'bm25(note_fts, 5, 1, 3)';

function findAll(db: DatabaseSync, terms: readonly string[], { limit, tag }: Options): readonly Note[] {
  const indexed = terms.filter(isIndexed);
  const scanned = terms.filter((term) => !isIndexed(term));
  const scans = scanned.flatMap(scanParameters);
  if (indexed.length === 0) {
    const where = [TAGGED, ...scanned.map(() => CONTAINS)].join(' AND ');
    return readNotes(db, `SELECT ${COLUMNS} FROM note n WHERE ${where} ORDER BY n.updated_at DESC LIMIT ?`, [
      ...tagParameters(tag),
      ...scans,
      limit,
    ]);
  }
  const where = ['note_fts MATCH ?', TAGGED, ...scanned.map(() => CONTAINS)].join(' AND ');
  return readNotes(
    db,
    `SELECT ${COLUMNS} FROM note_fts JOIN note n ON n.id = note_fts.rowid WHERE ${where} ORDER BY ${RANK} LIMIT ?`,
    [indexed.map(quoteForIndex).join(' AND '), ...tagParameters(tag), ...scans, limit],
  );
}

/** Those with most of the words first. */
function findSome(db: DatabaseSync, words: readonly string[], { limit, tag }: Options): readonly Note[] {
  const count = words.map(() => CONTAINS).join(' + ');
  return readNotes(
    db,
    `SELECT ${COLUMNS}, ${count} AS found FROM note n WHERE found > 0 AND ${TAGGED} ORDER BY found DESC, n.updated_at DESC LIMIT ?`,
    [...words.flatMap(scanParameters), ...tagParameters(tag), limit],
  );
}

function scanParameters(term: string): readonly string[] {
  const pattern = patternForScan(term);
  return [pattern, pattern, pattern];
}

function tagParameters(tag: string | undefined): readonly SQLInputValue[] {
  return [tag ?? null, tag ?? null];
}

function readNotes(db: DatabaseSync, sql: string, parameters: readonly SQLInputValue[]): readonly Note[] {
  return db
    .prepare(sql)
    .all(...parameters)
    .map(noteFromRow);
}
