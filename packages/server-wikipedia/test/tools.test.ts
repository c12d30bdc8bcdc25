import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WikipediaServer } from './wikipedia-server.ts';
import { startWikipediaServer } from './wikipedia-server.ts';

let it: WikipediaServer;
let url: (page: string, lang?: string) => string;
beforeAll(async () => {
  it = await startWikipediaServer();
  url = (page, lang = 'en') => `${it.api.env.WIKIPEDIA_BASE_URL.replace('{lang}', lang)}/wiki/${page}`;
});
afterAll(() => it[Symbol.asyncDispose]());

const licence = { source: 'Wikipedia', license: 'CC BY-SA 4.0' };

test('every tool says what it does, with limits, hints and schemas', async () => {
  const tools = await it.server.listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    'search',
    'get_summary',
    'get_article',
    'get_sections',
    'get_links',
    'get_languages',
  ]);
  for (const tool of tools) {
    expect(tool.description?.length).toBeLessThanOrEqual(600);
    expect(tool.annotations).toEqual({
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: true,
    });
    for (const field of Object.values(tool.inputSchema['properties'] ?? {})) {
      expect(field).toHaveProperty('description');
    }
    expect(tool.outputSchema?.['properties']).toMatchObject({ license: { type: 'string' } });
  }
});

describe('search', () => {
  test('lists pages with text around the match, in pages', async () => {
    const first = await it.call('search', { query: 'turing machine', limit: 2 });
    expect(first.structured).toEqual({
      lang: 'en',
      total: 3,
      results: [
        {
          title: 'Alan Turing',
          snippet: expect.stringMatching(/^Alan Turing \(1912–1954\) was an English mathematician/u),
          words: expect.any(Number),
          url: url('Alan_Turing'),
        },
        expect.objectContaining({ title: 'Turing machine' }),
      ],
      next_offset: 2,
      ...licence,
    });
    expect(first.text).toContain(`- Turing machine: A Turing machine is an abstract machine`);
    expect(first.text).toContain('More with offset 2.');
    const second = await it.call('search', { query: 'turing machine', limit: 2, offset: 2 });
    expect(second.structured).toMatchObject({ results: [{ title: 'Turing test' }] });
    expect(second.structured).not.toHaveProperty('next_offset');
  });

  test('says of a page behind the last that it is', async () => {
    const { text } = await it.call('search', { query: 'turing machine', offset: 50 });
    expect(text).toBe('No more pages on en.wikipedia match "turing machine" (of 3).');
  });

  test('tells a likelier spelling when nothing matches', async () => {
    const { text, structured } = await it.call('search', { query: 'Alan Turning' });
    expect(structured).toMatchObject({ total: 0, results: [], suggestion: 'alan turing' });
    expect(text).toBe('No page on en.wikipedia matches "Alan Turning".\nDid you mean "alan turing"?');
  });

  test('takes the language of the call', async () => {
    const { structured } = await it.call('search', { query: '图灵', lang: 'zh' });
    expect(structured).toMatchObject({ lang: 'zh', results: [{ title: '艾伦·图灵' }] });
    const capitals = await it.call('search', { query: '图灵', lang: 'ZH' });
    expect(capitals.structured).toEqual(structured);
    expect(it.api.requests.at(-1)).toMatchObject({ path: '/zh/w/api.php', query: { srsearch: '图灵' } });
  });
});

describe('get_summary', () => {
  test('gives the introduction, where it is from and what to say with it', async () => {
    const { structured, text } = await it.call('get_summary', { title: 'Turing test' });
    expect(structured).toEqual({
      status: 'ok',
      title: 'Turing test',
      lang: 'en',
      url: url('Turing_test'),
      description: "Test of a machine's ability to behave like a human",
      summary: expect.stringMatching(/^In the Turing test, .+ in 1950\.$/su),
      is_cut: false,
      last_edited: '2026-01-15T10:20:30Z',
      ...licence,
    });
    expect(text).toMatch(
      /^Turing test: Test of a machine's ability to behave like a human\n\nIn the Turing/u,
    );
    expect(text.endsWith(`Source: Wikipedia, "Turing test", ${url('Turing_test')} (CC BY-SA 4.0)`)).toBe(
      true,
    );
  });

  test.for(['Quicksilver', 'quicksilver', '  Quicksilver  '])(
    'follows redirects and forgives the case of the first letter: %j',
    async (title) => {
      const { structured } = await it.call('get_summary', { title });
      expect(structured).toMatchObject({
        title: 'Mercury (element)',
        redirected_from: 'Quicksilver',
        url: url('Mercury_(element)'),
      });
    },
  );

  test('reads other languages', async () => {
    const zh = await it.call('get_summary', { title: '图灵', lang: 'zh' });
    expect(zh.structured).toMatchObject({
      title: '艾伦·图灵',
      redirected_from: '图灵',
      summary: '艾伦·图灵是英国数学家，1936年提出图灵机。',
      url: url('%E8%89%BE%E4%BC%A6%C2%B7%E5%9B%BE%E7%81%B5', 'zh'),
    });
    const de = await it.call('get_summary', { title: 'Alan Turing', lang: 'de' });
    expect(de.structured).toMatchObject({ lang: 'de', url: url('Alan_Turing', 'de') });
  });

  test('a page that does not exist is an error that names the closest', async () => {
    const { isError, text } = await it.call('get_summary', { title: 'Alan Turin' });
    expect(isError).toBe(true);
    expect(text).toBe(
      'PAGE_NOT_FOUND: en.wikipedia has no page "Alan Turin"\n' +
        'Closest: "Alan Turing", "Turing machine", "Turing test". Or find the title with search.',
    );
    expect((await it.call('get_summary', { title: 'Qxzq' })).text).toContain('or try another language');
  });
});

describe('a title with several meanings', () => {
  // In the order of the page.
  const meanings = [
    { title: 'Mercury (planet)', description: 'First planet from the Sun' },
    { title: 'Mercury (element)', description: 'Chemical element with symbol Hg' },
    { title: 'Mercury (mythology)', description: 'Roman god of trade' },
    { title: 'Freddie Mercury', description: 'British singer (1946–1991)' },
  ];

  test.for(['get_summary', 'get_article', 'get_sections'])('is answered as such by %s', async (tool) => {
    const { structured, text, isError } = await it.call(tool, { title: 'Mercury (disambiguation)' });
    expect(isError).toBe(false);
    expect(structured).toEqual({
      status: 'disambiguation',
      title: 'Mercury',
      redirected_from: 'Mercury (disambiguation)',
      lang: 'en',
      url: url('Mercury'),
      options: meanings.map((meaning) => ({ ...meaning, url: url(meaning.title.replaceAll(' ', '_')) })),
      ...licence,
    });
    expect(text).toMatch(
      /^"Mercury" may mean several pages\. Ask again with one of these titles:\n- Mercury \(planet\): /u,
    );
    expect(text.endsWith('\n- Freddie Mercury: British singer (1946–1991)')).toBe(true);
    expect(text).not.toContain('Nevada');
  });
});

describe('get_sections and get_article', () => {
  test('the sections add up to the article', async () => {
    const { structured, text } = await it.call('get_sections', { title: 'Alan Turing' });
    const { sections, total_chars: total } = structured as {
      sections: { number: string; title: string; chars: number }[];
      total_chars: number;
    };
    expect(sections.map(({ number, title }) => `${number} ${title}`)).toEqual([
      '0 Introduction',
      '1 Life',
      '1.1 School',
      '1.2 Cambridge',
      '2 Work',
      '2.1 Computability',
      '2.2 Machine intelligence',
      '3 Legacy',
      '4 References',
    ]);
    const main = sections.filter(({ number }) => !number.includes('.'));
    expect(main.reduce((sum, { chars }) => sum + chars, 0)).toBe(total);
    expect(text).toContain('\n  1.2 Cambridge (');
  });

  test.for([
    ['2', 'Work', /^== Work ==\n\n=== Computability ===\n.+think.+test\.$/su],
    ['2.1', 'Computability', /^=== Computability ===\n\nHis paper .+ problem\.$/su],
    [' legacy ', 'Legacy', /^== Legacy ==\n\nThe Turing Award bears his name\.$/u],
    ['0', 'Introduction', /^Alan Turing \(1912.+Bletchley Park\.$/su],
    ['Introduction', 'Introduction', /^Alan Turing \(1912.+Bletchley Park\.$/su],
  ] as const)('section %j is read', async ([section, title, text]) => {
    const { structured } = await it.call('get_article', { title: 'Alan Turing', section });
    expect(structured).toMatchObject({ section: { title }, text: expect.stringMatching(text), offset: 0 });
  });

  test('an unknown section is an error that names those there are', async () => {
    const { isError, text } = await it.call('get_article', { title: 'Alan Turing', section: 'Death' });
    expect(isError).toBe(true);
    expect(text).toMatch(
      /^SECTION_NOT_FOUND: "Alan Turing" has no section "Death"\nThere are: 0 Intro.+4 Ref/u,
    );
  });

  test('a long article is read part by part, with nothing lost and nothing twice', async () => {
    const title = 'List of years in testing';
    let whole = '';
    let offset: number | undefined = 0;
    let total = 0;
    for (let calls = 0; offset !== undefined; calls += 1) {
      expect(calls).toBeLessThan(10);
      const { structured } = await it.call('get_article', { title, offset, max_chars: 20_000 });
      const part = structured as { text: string; next_offset?: number; total_chars: number };
      expect(part.text.length).toBeLessThanOrEqual(20_000);
      whole += part.text;
      offset = part.next_offset;
      total = part.total_chars;
    }
    expect(whole.length).toBe(total);
    expect(whole).toMatch(/^Every year had tests\.\n\n== 1901 ==\n/u);
    expect(whole.match(/^== \d{4} ==$/gmu)).toHaveLength(99);
  });

  test('an offset behind the end is an error', async () => {
    const { text } = await it.call('get_article', { title: 'Sun', offset: 5000 });
    expect(text).toMatch(/^OFFSET: The text ends at \d+, before 5000/u);
  });

  test('formulas are TeX', async () => {
    const { structured } = await it.call('get_article', { title: 'Attention (machine learning)' });
    expect(structured).toMatchObject({
      text: expect.stringContaining('keys and values it is ${\\text{Attention}}(Q,K,V)='),
    });
    expect(structured).toMatchObject({ text: expect.stringContaining('V$, where the scale') });
  });
});

describe('get_links', () => {
  test('lists links in pages', async () => {
    const first = await it.call('get_links', { title: 'A. M. Turing', limit: 4 });
    expect(first.structured).toEqual({
      title: 'Alan Turing',
      lang: 'en',
      url: url('Alan_Turing'),
      links: ['Bletchley Park', "King's College, Cambridge", 'Turing Award', 'Turing machine'],
      next_cursor: expect.any(String),
      ...licence,
    });
    const { next_cursor: cursor } = first.structured as { next_cursor: string };
    const second = await it.call('get_links', { title: 'A. M. Turing', limit: 4, cursor });
    expect(second.structured).toMatchObject({
      links: ['Turing test', 'computer science', 'halting problem'],
    });
    expect(second.structured).not.toHaveProperty('next_cursor');
  });

  test('a cursor of one’s own making is an error', async () => {
    const { text } = await it.call('get_links', { title: 'Alan Turing', cursor: 'Turing' });
    expect(text).toMatch(/^INVALID_CURSOR: /u);
  });

  test('a page without links has none', async () => {
    const { structured, text } = await it.call('get_links', { title: 'Sun' });
    expect(structured).toMatchObject({ links: [] });
    expect(text).toContain('"Sun" links to no article.');
  });
});

describe('get_languages', () => {
  test('lists the languages that have the article, with its title there', async () => {
    const { structured, text } = await it.call('get_languages', { title: 'A. M. Turing' });
    expect(structured).toEqual({
      title: 'Alan Turing',
      lang: 'en',
      languages: [
        { lang: 'de', name: 'Deutsch', title: 'Alan Turing', url: url('Alan_Turing', 'de') },
        { lang: 'zh', name: '中文', title: '艾伦·图灵', url: url(encodeURIComponent('艾伦·图灵'), 'zh') },
      ],
      ...licence,
    });
    expect(text).toBe(
      '"Alan Turing" in other languages:\n- de (Deutsch): Alan Turing\n- zh (中文): 艾伦·图灵',
    );
    expect((await it.call('get_languages', { title: 'Sun' })).text).toBe('"Sun" is in no other language.');
  });
});
