import { describe, expect, test } from 'vitest';
import { parseFeed } from '../src/feed.ts';
import { htmlToText } from '../src/html-text.ts';
import { formatPaperId, parsePaperId } from '../src/paper-id.ts';
import { buildSearchQuery } from '../src/search-query.ts';

test.each([
  ['1706.03762', '1706.03762'],
  [' 1706.03762v7 ', '1706.03762v7'],
  ['0704.0001', '0704.0001'],
  ['arXiv:2401.12345v2', '2401.12345v2'],
  ['https://arxiv.org/abs/1706.03762v7', '1706.03762v7'],
  ['http://export.arxiv.org/pdf/1706.03762v7.pdf', '1706.03762v7'],
  ['arxiv.org/html/1706.03762?x=1#S2', '1706.03762'],
  ['https://doi.org/10.48550/arXiv.1706.03762', '1706.03762'],
  ['hep-th/9711200v3', 'hep-th/9711200v3'],
  ['math.GT/0309136', 'math/0309136'],
  ['https://arxiv.org/abs/cond-mat/0102536', 'cond-mat/0102536'],
])('the id in %j is %s', (text, id) => {
  expect(formatPaperId(parsePaperId(text))).toBe(id);
});

describe('a search query', () => {
  const none = {
    query: undefined,
    title: undefined,
    author: undefined,
    categories: [],
    dateFrom: undefined,
    dateTo: undefined,
  };
  test.each([
    [{ query: 'graph  neural networks' }, 'all:graph AND all:neural AND all:networks'],
    [{ query: '"graph neural" nets' }, 'all:"graph neural" AND all:nets'],
    [{ query: 'state-of-the-art' }, 'all:"state of the art"'],
    [{ query: 'war and peace' }, 'all:war AND all:and AND all:peace'],
    [{ query: 'salt AND pepper' }, 'all:salt AND all:pepper'],
    [
      { query: 'ti:deep "neural nets" AND NOT (au:B OR cat:cs.*)' },
      'ti:deep AND all:"neural nets" ANDNOT (au:B OR cat:cs.*)',
    ],
    [
      { query: 'au:"O Brien" AND submittedDate:[202001010000 TO 202012312359]' },
      'au:"O Brien" AND submittedDate:[202001010000 TO 202012312359]',
    ],
    [{ query: 'Möbius 变换' }, 'all:Möbius AND all:变换'],
    [{ title: 'NOT alone' }, 'ti:"NOT" AND ti:alone'],
    [{ author: 'O"Brien, A.' }, 'au:"O Brien A"'],
    [
      { query: 'x', author: 'B', categories: ['cs', 'hep-th'] },
      'all:x AND au:B AND (cat:cs OR cat:cs.* OR cat:hep-th)',
    ],
    [
      { query: 'ti:a OR ti:b', dateTo: '2020-05-06' },
      '(ti:a OR ti:b) AND submittedDate:[199101010000 TO 202005062359]',
    ],
    [{ dateFrom: '2020-05-06' }, 'submittedDate:[202005060000 TO 209912312359]'],
  ])('of %j is %s', (wishes, expected) => {
    expect(buildSearchQuery({ ...none, ...wishes })).toBe(expected);
  });
});

describe('the text of a page', () => {
  test.each([
    ['a < b &amp;&lt; c &unknown; &#x6587;&#0;', 'a < b &< c &unknown; 文\uFFFD'],
    ['&toString;&constructor;', '&toString;&constructor;'],
    ['<p>one</p><p>two</p>', 'one\n\ntwo'],
    ['<p title="a > b">text</p>', 'text'],
    ["<p title='<p>'>text", 'text'],
    ['<script>if (a < b) "</p>"</script>after', 'after'],
    ['<nav>a<nav>b</nav>c</nav>d', 'd'],
    ['<!-- <p> -->x<!-- open', 'x'],
    ['x<p title="open', 'x'],
    ['<math><mi>x</mi></math>', '[formula]'],
    ['<math alttext="x &lt; y"><mi>x</mi></math> holds', '$x < y$ holds'],
    ['a\u001B[31mb&#27;c\u202Ed', 'a [31mb c d'],
    ['<ul><li><div><p>one</p></div></li><li></li></ul>', '- one'],
    ['', ''],
  ])('%j is %j', (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  test('takes a page that is made to be slow in its stride', () => {
    const startedAt = performance.now();
    for (const piece of ['<a ', '<a "', '<!--', '<', '</', '<script>', '&#', '<nav>', '\n# ', ' ']) {
      htmlToText(piece.repeat(300_000));
    }
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });
});

test('characters of a feed that are written as numbers or names are read once', () => {
  const xml = `<feed><totalResults>1</totalResults><entry><id>http://arxiv.org/abs/1706.03762v1</id>
    <title>G&#233;rard &#xE9; &amp;lt; &#27;[31m</title><published>2017</published><updated>2017</updated>
    <author><name>A &amp; B</name></author></entry></feed>`;
  expect(parseFeed(xml).papers).toMatchObject([{ title: 'Gérard é &lt; [31m', authors: ['A & B'] }]);
});
