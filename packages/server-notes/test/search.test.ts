import { expect, test } from 'vitest';
import { openSqliteStore } from '../src/sqlite-store.ts';
import { parseQuery } from '../src/query.ts';
import { snippet } from '../src/snippet.ts';
import { temporaryFolder } from './temporary-folder.ts';

function library(): Disposable & { search(query: string, limit?: number): readonly string[] } {
  const folder = temporaryFolder();
  let minute = 0;
  const store = openSqliteStore(folder.file('notes.db'), () => new Date(Date.UTC(2026, 0, 1, 0, minute++)));
  const notes = [
    { key: 'weather/paris', value: 'It rained in Paris. The unique-token is here.', tags: ['travel'] },
    { key: 'weather/tokyo', value: 'Sunny, 20% clouds; see C++ notes', tags: ['travel', 'japan'] },
    { key: '日记', value: '今天天气很好，我们去公园散步。', tags: [] },
    { key: 'recipe', value: 'Crème brûlée: eggs, cream, sugar_cane', tags: ['food'] },
    { key: 'Paris', value: 'A capital', tags: [] },
  ];
  for (const note of notes) store.save(note);
  return {
    search: (query, limit = 10) => store.search(query, { limit }).hits.map(({ key }) => key),
    [Symbol.dispose]() {
      store.close();
      folder[Symbol.dispose]();
    },
  };
}

test.for([
  ['rained', ['weather/paris']],
  ['RAINED', ['weather/paris']],
  ['paris', ['Paris', 'weather/paris']],
  ['rained paris', ['weather/paris']],
  ['japan', ['weather/tokyo']],
  ['creme brulee', ['recipe']],
  ['rain', ['weather/paris']],
  ['unique-token', ['weather/paris']],
  ['C++', ['weather/tokyo']],
  ['20%', ['weather/tokyo']],
  ['sugar_cane', ['recipe']],
  ['天气', ['日记']],
  ['天气很好', ['日记']],
  ['天', ['日记']],
  ['公园 天气', ['日记']],
  ['in paris rained', ['weather/paris']],
  ['elephant', []],
] as const)('"%s" finds %j', ([query, keys]) => {
  using notes = library();
  expect([...notes.search(query)].toSorted()).toEqual([...keys].toSorted());
});

test.for([
  '"',
  '""',
  "'",
  "it's (broken",
  'paris" OR "1',
  '-- DROP TABLE note',
  'a AND OR NOT b',
  'NEAR(a, 2)',
  'key:paris',
  '*',
  '^paris',
  '%',
  '_',
  '\\',
  'a\0b',
  '{paris}',
  '😀',
  '\uD83D',
])('the odd query %j is only text', (query) => {
  using notes = library();
  expect(() => notes.search(query)).not.toThrow();
  expect(notes.search('paris')).toHaveLength(2);
});

test('long queries are searched too', () => {
  using notes = library();
  expect(notes.search('x'.repeat(500))).toEqual([]);
  expect(notes.search('paris '.repeat(80))).toHaveLength(2);
  expect(notes.search(Array.from({ length: 200 }, (_, index) => `w${index}`).join(' '))).toEqual([]);
});

test('wildcards of LIKE find only themselves', () => {
  using notes = library();
  expect(notes.search('%')).toEqual(['weather/tokyo']);
  expect(notes.search('_')).toEqual(['recipe']);
});

test('a query without a word is refused', () => {
  using notes = library();
  expect(() => notes.search(' \t\n ')).toThrow('there is no word to search for');
});

test('when no note has all words, those with most of them come first', () => {
  using folder = temporaryFolder();
  const store = openSqliteStore(folder.file('notes.db'));
  store.save({ key: 'one', value: 'apple' });
  store.save({ key: 'two', value: 'apple banana' });
  store.save({ key: 'none', value: 'melon' });
  const { hits, matched } = store.search('apple banana cherry', { limit: 10 });
  expect([matched, hits.map(({ key }) => key)]).toEqual(['some', ['two', 'one']]);
  expect(store.search('今天天气怎么样', { limit: 10 }).hits).toEqual([]);
  store.save({ key: '日记', value: '天气很好' });
  expect(store.search('今天天气怎么样', { limit: 10 }).hits.map(({ key }) => key)).toEqual(['日记']);
  store.close();
});

test('a replaced text is found no more', () => {
  using folder = temporaryFolder();
  const store = openSqliteStore(folder.file('notes.db'));
  store.save({ key: 'a', value: 'elephant' });
  store.save({ key: 'a', value: 'giraffe' });
  expect([
    store.search('elephant', { limit: 5 }).hits.length,
    store.search('giraffe', { limit: 5 }).hits.length,
  ]).toEqual([0, 1]);
  store.close();
});

test('a query loses the punctuation around its words and splits Chinese into words', () => {
  expect(parseQuery('What about "Paris"?')).toEqual({
    terms: ['What', 'about', 'Paris'],
    words: ['What', 'about', 'Paris'],
  });
  expect(parseQuery('今天天气')).toEqual({ terms: ['今天天气'], words: ['今天', '天气'] });
});

test('a snippet is one line around the first word found', () => {
  expect(snippet('short\n\ttext', ['text'])).toBe('short text');
  const long = snippet(`${'a '.repeat(200)}needle${' b'.repeat(200)}`, ['needle']);
  expect(long).toMatch(/^…(a )+needle( b)+…$/);
  expect(long.length).toBeLessThan(210);
  expect(snippet(`${'😀'.repeat(101)}x needle`, ['needle']).isWellFormed()).toBe(true);
});
