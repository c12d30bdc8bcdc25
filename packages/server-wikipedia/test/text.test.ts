import { describe, expect, test } from 'vitest';
import { cleanExtract } from '../src/text/extract.ts';
import { snippetText } from '../src/text/snippet.ts';
import { findSections, selectSection } from '../src/text/sections.ts';

describe('sections', () => {
  test('numbers are unique whatever levels are left out', () => {
    const text = '==== A ====\n=== B ===\n== C ==\n==== D ====\n=== E ===\n== F ==';
    const sections = findSections(text);
    expect(sections.map(({ number, title }) => `${number} ${title}`)).toEqual([
      '0 Introduction',
      '1 A',
      '2 B',
      '3 C',
      '3.1 D',
      '3.2 E',
      '4 F',
    ]);
    expect(sections.map(({ start, end }) => text.slice(start, end).trim())).toEqual([
      '',
      '==== A ====',
      '=== B ===',
      '== C ==\n==== D ====\n=== E ===',
      '==== D ====',
      '=== E ===',
      '== F ==',
    ]);
  });

  test.for(['=', '== ==', '====', '== a', 'a ==', 'x == y', '== a === b', '=a=', '=== a =='])(
    'the line %j is no heading of its own level',
    (line) => {
      expect(
        findSections(line)
          .filter(({ depth }) => depth > 0)
          .map(({ title }) => title),
      ).toEqual(line === '== ==' ? [''] : []);
    },
  );

  test('of two sections with one title the first is found, the other by its number', () => {
    const sections = findSections('== A ==\n=== Notes ===\n== B ==\n=== Notes ===');
    expect(selectSection(sections, 'NOTES')?.number).toBe('1.1');
    expect(selectSection(sections, '2.1')?.title).toBe('Notes');
    expect(selectSection(sections, '3')).toBeUndefined();
  });

  test('a title that is a number is found by title when no section has that number', () => {
    expect(selectSection(findSections('== 1984 =='), '1984')?.number).toBe('1');
  });

  test('half a million headings are read in a moment', () => {
    const text = '== a ==\n==== b ====\n'.repeat(250_000);
    const startedAt = performance.now();
    expect(findSections(text)).toHaveLength(500_001);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

test('formulas become TeX, and other indented lines stay', () => {
  const formula = (tex: string): string => `\n  \n    \n      \n        E\n    {\\displaystyle ${tex}}\n  \n`;
  expect(cleanExtract(`where ${formula('E=mc^{2}')} is energy.\n\n\n\nEnd  `)).toBe(
    'where $E=mc^{2}$ is energy.\n\nEnd',
  );
  expect(cleanExtract(`it is${formula('a')}and${formula('b')}.`)).toBe('it is $a$ and $b$.');
  expect(cleanExtract('Poem:\n  one\n  two\nend')).toBe('Poem:\n  one\n  two\nend');
});

test('snippets lose their tags and keep their text', () => {
  expect(
    snippetText('a <span class="searchmatch">b</span> &amp; &quot;c&quot; &#039;d&#x27; &lt;e&gt;\n f'),
  ).toBe(`a b & "c" 'd' <e> f`);
  expect(snippetText('&amp;lt; &unknown; &#99999999; &#x110000; < 3')).toBe(
    '&lt; &unknown; &#99999999; &#x110000; < 3',
  );
});
