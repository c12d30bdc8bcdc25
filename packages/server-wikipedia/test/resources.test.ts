import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WikipediaServer } from './wikipedia-server.ts';
import { startWikipediaServer } from './wikipedia-server.ts';

let it: WikipediaServer;
beforeAll(async () => {
  it = await startWikipediaServer();
});
afterAll(() => it[Symbol.asyncDispose]());

async function read(uri: string): Promise<string> {
  const { contents } = await it.server.client.readResource({ uri });
  const [content] = contents;
  expect(contents).toHaveLength(1);
  expect(content).toMatchObject({ uri, mimeType: 'text/plain' });
  return content && 'text' in content ? content.text : '';
}

test('every article is a resource by language and title', async () => {
  const { resourceTemplates } = await it.server.client.listResourceTemplates();
  expect(resourceTemplates).toMatchObject([
    { uriTemplate: 'wikipedia://{lang}/{+title}', mimeType: 'text/plain' },
  ]);
  const text = await read('wikipedia://en/Turing_test');
  expect(text).toMatch(
    /^Turing test\n\nIn the Turing test, .+\n\nSource: Wikipedia, "Turing test", http.+\(CC BY/su,
  );
  expect(await read('wikipedia://en/Mercury%20(planet)')).toContain('closest to the Sun');
  expect(await read('wikipedia://zh/%E5%9B%BE%E7%81%B5')).toContain('英国数学家');
  expect(await read('wikipedia://ZH/%E5%9B%BE%E7%81%B5')).toContain('英国数学家');
});

test('a title with several meanings lists them', async () => {
  expect(await read('wikipedia://en/Mercury')).toContain('may mean several pages');
});

test.for([
  'wikipedia://en/Qxzq',
  'wikipedia://EN.evil/Sun',
  'wikipedia://en/%E0%A4%A',
  'wikipedia://en/A%7CB',
  'wikipedia://en/',
])('there is no resource %s', async (uri) => {
  await expect(it.server.client.readResource({ uri })).rejects.toMatchObject({ code: -32_602 });
});

test('a fault of Wikipedia is an error with its code', async () => {
  it.api.fault({ kind: 'status', status: 500 });
  await expect(it.server.client.readResource({ uri: 'wikipedia://en/Sun' })).rejects.toThrow('UPSTREAM: ');
  expect(await read('wikipedia://en/Sun')).toContain('The Sun is the star');
});

test('titles are completed by searching', async () => {
  const ref = { type: 'ref/resource' as const, uri: 'wikipedia://{lang}/{+title}' };
  const complete = async (value: string, lang?: string) => {
    const context = lang === undefined ? {} : { context: { arguments: { lang } } };
    const answer = await it.server.client.complete({ ref, argument: { name: 'title', value }, ...context });
    return answer.completion.values;
  };
  expect(await complete('turing mach')).toEqual(['Alan Turing', 'Turing machine', 'Turing test']);
  expect(await complete('图灵', 'zh')).toEqual(['艾伦·图灵']);
  expect(await complete('图灵', 'Zh')).toEqual(['艾伦·图灵']);
  expect(await complete(' ')).toEqual([]);
  expect(await complete('x', 'en.evil/')).toEqual([]);
});
