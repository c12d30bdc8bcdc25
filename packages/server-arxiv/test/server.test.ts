import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ArxivServer } from './arxiv-server.ts';
import { codeOf, startArxivServer } from './arxiv-server.ts';

describe.each(['current', 'earlier'] as const)('with the %s format of the feed', (format) => {
  let server: ArxivServer;
  beforeAll(async () => {
    server = await startArxivServer({}, { format });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test('a paper is told as arXiv describes it', async () => {
    expect((await server.callTool('get_paper', { id: '2206.06921' })).structured).toEqual({
      id: '2206.06921',
      version: 3,
      title: 'Attainable forms of Assouad spectra',
      authors: ['Alex Rutar'],
      author_count: 1,
      abstract: 'Tells which functions are the Assouad spectrum of a set in Euclidean space.',
      categories: ['math.CA', 'math.DS', 'math.MG'],
      primary_category: 'math.CA',
      published: '2022-06-14T15:35:46Z',
      updated: '2024-08-12T11:56:51Z',
      doi: '10.1512/iumj.2024.73.9928',
      journal_ref: 'Indiana Univ. Math. J. 73 (2024), 1331-1356',
      comment: '25 pages, 5 figures',
      abs_url: 'https://arxiv.org/abs/2206.06921v3',
      pdf_url: 'https://arxiv.org/pdf/2206.06921v3',
    });
  });

  test('line breaks and entities of the feed do not show, and what is absent stays absent', async () => {
    const { structured } = await server.callTool('get_paper', { id: 'https://arxiv.org/abs/1412.6980v9' });
    expect(structured).toMatchObject({
      title: 'Adam: A Method for Stochastic Optimization',
      abstract: expect.stringMatching(/lower moments, \$m_t\$ and \$v_t\$, with \$0 < \\beta < 1\$\.$/u),
    });
    expect(structured).not.toHaveProperty('doi');
  });

  test('an id of the form before 2007 works, and long lists of authors are cut', async () => {
    const old = await server.callTool('get_paper', { id: 'hep-th/9711200' });
    const many = await server.callTool('get_paper', { id: '2005.14165' });
    expect(old.structured).toMatchObject({
      id: 'hep-th/9711200',
      version: 3,
      authors: ['Juan M. Maldacena'],
    });
    expect(many.structured).toMatchObject({ author_count: 60 });
    expect(many.structured).toHaveProperty('authors.length', 50);
    expect(many.text).toContain('and 52 more');
  });

  test('an id that arXiv does not know is said', async () => {
    const [paper, text] = await Promise.all([
      server.callTool('get_paper', { id: '1201.56789' }),
      server.callTool('read_paper', { id: '1706.03762v99' }),
    ]);
    expect([codeOf(paper), codeOf(text)]).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  });

  test('a search tells papers, their number and where to go on', async () => {
    const args = { query: 'transformer', sort_by: 'submitted', sort_order: 'ascending', max_results: 2 };
    const first = await server.callTool('search_papers', args);
    expect(first.structured).toMatchObject({
      total: 3,
      start: 0,
      next_start: 2,
      papers: [{ id: '1706.03762' }, { id: '1810.04805' }],
    });
    const second = await server.callTool('search_papers', { ...args, start: 2 });
    expect(second.structured).toMatchObject({ total: 3, start: 2, papers: [{ id: '2005.14165' }] });
    expect(second.structured).not.toHaveProperty('next_start');
  });

  test('a search without results says so', async () => {
    const outcome = await server.callTool('search_papers', { query: 'phlogiston' });
    expect(outcome).toMatchObject({ isError: false, structured: { total: 0, papers: [] } });
    expect(server.api.problems).toEqual([]);
  });
});

describe('searching', () => {
  let server: ArxivServer;
  beforeAll(async () => {
    server = await startArxivServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test.each([
    [{ author: 'Diederik P. Kingma' }, ['1412.6980']],
    [{ title: 'attention', query: 'recurrence' }, ['1706.03762']],
    [{ categories: ['hep-th', 'math.DS'] }, ['2206.06921', 'hep-th/9711200']],
    [{ categories: ['cs'], date_from: '2015-01-01', date_to: '2016-12-31' }, ['1512.03385']],
    [{ query: 'ti:BERT OR au:Maldacena' }, ['1810.04805', 'hep-th/9711200']],
    [{ query: '(ti:attention ANDNOT cat:math.CA) AND all:network' }, ['1706.03762']],
    [{ query: '"large N limit"' }, ['hep-th/9711200']],
    [{ query: 'bidirectional pre-training' }, ['1810.04805']],
    [{ query: 'pre-trainings' }, []],
  ])('%j finds %j', async (args, ids) => {
    const { structured } = await server.callTool('search_papers', args);
    expect(server.api.problems).toEqual([]);
    expect(structured).toMatchObject({ papers: ids.map((id) => ({ id })) });
  });

  test.each([
    [{}, 'INVALID_INPUT'],
    [{ query: ' !? ' }, 'INVALID_INPUT'],
    [{ query: 'ti:(open' }, 'INVALID_INPUT'],
    [{ query: 'ti:"open' }, 'INVALID_INPUT'],
    [{ query: 'AND salt' }, 'INVALID_INPUT'],
    [{ query: 'salt OR OR pepper' }, 'INVALID_INPUT'],
    [{ query: 'cat:x&y=z AND a' }, 'INVALID_INPUT'],
    [{ query: '() AND a' }, 'INVALID_INPUT'],
    [{ query: 'a) OR (b' }, 'INVALID_INPUT'],
    [{ query: 'x'.repeat(501) }, 'INVALID_INPUT'],
    [{ query: 7 }, 'INVALID_INPUT'],
    [{ query: 'a', max_results: 51 }, 'INVALID_INPUT'],
    [{ query: 'a', start: -1 }, 'INVALID_INPUT'],
    [{ query: 'a', start: 1e300 }, 'INVALID_INPUT'],
    [{ query: 'a', date_from: '2024-02-31' }, 'INVALID_INPUT'],
    [{ query: 'a', date_from: '2024-02-02', date_to: '2024-02-01' }, 'INVALID_INPUT'],
    [{ query: 'a', categories: ['cs.LG OR cat:math'] }, 'INVALID_INPUT'],
    [{ query: 'a', sort_by: 'citations' }, 'INVALID_INPUT'],
  ])('%j is answered with %s and asks nothing of arXiv', async (args, code) => {
    const before = server.api.requests.length;
    expect(codeOf(await server.callTool('search_papers', args))).toBe(code);
    expect(server.api.requests).toHaveLength(before);
  });

  test.each([
    '',
    'attention',
    '1706',
    '1713.00001',
    '../../etc/passwd',
    '1706.03762v0',
    'http://evil.example/abs/1706.03762',
    '\u001B[2J',
  ])('the id %j is refused', async (id) => {
    const outcomes = [
      await server.callTool('get_paper', { id }),
      await server.callTool('read_paper', { id }),
    ];
    expect(outcomes.map(codeOf)).toEqual(Array(2).fill(id === '' ? 'INVALID_INPUT' : 'INVALID_ID'));
  });

  test('the same question is asked once, also by two callers at once', async () => {
    const before = server.api.requests.length;
    const ask = () => server.callTool('get_paper', { id: 'arXiv:1512.03385' });
    const outcomes = [...(await Promise.all([ask(), ask()])), await ask()];
    expect(outcomes.map(({ isError }) => isError)).toEqual([false, false, false]);
    expect(server.api.requests).toHaveLength(before + 1);
    expect(server.api.requests.at(-1)?.userAgent).toMatch(/^@patchbay\/server-arxiv\/\d/u);
  });

  test('every tool says all four hints, describes every argument and publishes what it answers', async () => {
    const tools = await server.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['search_papers', 'get_paper', 'read_paper']);
    for (const { annotations, description = '', inputSchema, outputSchema } of tools) {
      expect(annotations).toEqual({
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: true,
      });
      expect(description.length).toBeLessThanOrEqual(600);
      expect(outputSchema).toBeDefined();
      for (const schema of Object.values(inputSchema.properties ?? {})) {
        expect(schema).toHaveProperty('description');
      }
    }
  });
});
