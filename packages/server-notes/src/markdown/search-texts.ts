import { ToolError } from '@patchbay/server-kit';
import type { Note } from '../note.ts';
import type { SearchHit, SearchResult } from '../note-store.ts';
import { parseQuery } from '../query.ts';
import { snippet } from '../snippet.ts';

/** A word in the key says more than one in the tags, and that more than one in the value. */
const WEIGHTS = { key: 5, tags: 3, value: 1 };

/**
 * Finds notes by words as the index of SQLite does: as parts of words, in any case, with and without accents.
 *
 * @throws {ToolError} `EMPTY_QUERY` when there is no word in the query.
 */
export function searchTexts(notes: readonly Note[], query: string, limit: number): SearchResult {
  const { terms, words } = parseQuery(query);
  if (terms.length === 0) {
    throw new ToolError('EMPTY_QUERY', 'there is no word to search for', {
      hint: 'Use list_notes to see all keys.',
    });
  }
  const folded = notes.map((note) => ({
    note,
    key: fold(note.key),
    tags: fold(note.tags.join('\n')),
    value: fold(note.value),
  }));
  const found = (wanted: readonly string[], least: number): readonly SearchHit[] => {
    const scored = folded.map((each) => {
      const hits = wanted.map(fold).map((word) => scoreOf(each, word));
      const count = hits.filter((score) => score > 0).length;
      return { note: each.note, count, score: hits.reduce((sum, score) => sum + score, 0) };
    });
    return scored
      .filter(({ count }) => count >= least)
      .toSorted((a, b) => b.count - a.count || b.score - a.score || newerFirst(a.note, b.note))
      .slice(0, limit)
      .map(({ note: { key, value, tags, updatedAt } }) => ({
        key,
        snippet: snippet(value, words),
        tags,
        updatedAt,
      }));
  };
  const all = found(terms, terms.length);
  if (all.length > 0 || words.length < 2) return { hits: all, matched: 'all' };
  return { hits: found(words, 1), matched: 'some' };
}

function scoreOf(text: Readonly<Record<keyof typeof WEIGHTS, string>>, word: string): number {
  const { key, tags, value } = WEIGHTS;
  return (
    (text.key.includes(word) ? key : 0) +
    (text.tags.includes(word) ? tags : 0) +
    (text.value.includes(word) ? value : 0)
  );
}

function newerFirst(a: Note, b: Note): number {
  return a.updatedAt < b.updatedAt ? 1 : -1;
}

function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
