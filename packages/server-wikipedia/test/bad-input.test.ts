import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WikipediaServer } from './wikipedia-server.ts';
import { startWikipediaServer } from './wikipedia-server.ts';

let it: WikipediaServer;
beforeAll(async () => {
  it = await startWikipediaServer();
});
afterAll(() => it[Symbol.asyncDispose]());

const PAGE_TOOLS = ['get_summary', 'get_article', 'get_sections', 'get_links'];

const TITLES = [
  '',
  ' ',
  'x'.repeat(256),
  'A|B',
  'Turing#Life',
  '[[Turing]]',
  '{{Turing}}',
  '<b>',
  'https://en.wikipedia.org/wiki/Sun',
  'A\u0000B',
  'A\nB',
  '\ud800',
  null,
  7,
  ['Turing'],
  undefined,
].flatMap((title) => PAGE_TOOLS.map((tool) => [tool, { title }] as const));

const OTHERS = [
  ...['', ' ', 'x'.repeat(301), null, 1].map((query) => ['search', { query }] as const),
  ...[0, 21, 1.5, '5', Number.MAX_VALUE].map((limit) => ['search', { query: 'x', limit }] as const),
  ...[-1, 0.5, 1e9].map((offset) => ['search', { query: 'x', offset }] as const),
  ...[-1, 1e300, '0'].map((offset) => ['get_article', { title: 'Sun', offset }] as const),
  ...[199, 20_001, null].map((chars) => ['get_article', { title: 'Sun', max_chars: chars }] as const),
  ...['', 'x'.repeat(256), 2].map((section) => ['get_article', { title: 'Sun', section }] as const),
  ...[0, 501].map((limit) => ['get_links', { title: 'Sun', limit }] as const),
  ...['', 'x', 'x'.repeat(2001), 1].map((cursor) => ['get_links', { title: 'Sun', cursor }] as const),
  ...[
    '',
    'German',
    'english',
    'en.evil',
    'en/',
    '../x',
    '127',
    'e',
    'x'.repeat(21),
    'en\n',
    'en@evil',
    'https'.repeat(5),
  ].map((lang) => ['search', { query: 'x', lang }] as const),
];

test.for([...TITLES, ...OTHERS])(
  '%s with %j is refused with a code, and nothing is asked',
  async ([tool, args]) => {
    const before = it.api.requests.length;
    const { isError, text } = await it.call(tool, args);
    expect(isError).toBe(true);
    expect(text).toMatch(/^INVALID_(?:INPUT|TITLE|CURSOR): /u);
    expect(it.api.requests.length - before).toBe(0);
  },
);

test.for([
  ['de:Alan Turing', 'INVALID_TITLE: '],
  ['Special:Random', 'PAGE_NOT_FOUND: '],
  ['../../etc/passwd', 'PAGE_NOT_FOUND: '],
  ['?action=delete&x=%00', 'PAGE_NOT_FOUND: '],
  ['😀'.repeat(127), 'PAGE_NOT_FOUND: '],
])('the title %j gets %s', async ([title, code]) => {
  for (const tool of PAGE_TOOLS) {
    expect((await it.call(tool, { title })).text.startsWith(code ?? '')).toBe(true);
  }
});

test('after all that the server answers, and its log is empty', async () => {
  expect(await it.call('get_summary', { title: 'Sun' })).toMatchObject({ isError: false });
  expect(it.server.stderr()).toBe('');
});
