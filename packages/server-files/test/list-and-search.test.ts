import { writeFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import type { FilesServer } from './files-server.ts';
import { codeOf, startFilesServer } from './files-server.ts';

const FILES: Readonly<Record<string, string | Buffer>> = {
  'a.md': 'alpha\nBETA beta\ngamma\n',
  'b.csv': 'x,y\n1,2\n',
  'docs/index.md': 'See alpha.\r\nÄrger (a+b)*\r\n',
  'docs/deep/er/note.txt': 'alpha '.repeat(100),
  'docs-2/z.md': '天气很好\n',
  'image.bin': Buffer.from('alpha\0'),
};

let server: FilesServer;

beforeAll(async () => {
  server = await startFilesServer();
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(server.root, path)), { recursive: true });
    await writeFile(join(server.root, path), content);
  }
});
afterAll(() => server[Symbol.asyncDispose]());

const pageSchema = z.object({
  entries: z.array(z.object({ path: z.string(), type: z.string() })),
  next_cursor: z.string().optional(),
});

async function list(args: Record<string, unknown>): Promise<readonly string[]> {
  return pageSchema
    .parse((await server.callTool('list_files', args)).structured)
    .entries.map(({ path }) => path);
}

async function search(args: Record<string, unknown>): Promise<unknown> {
  const { structured } = await server.callTool('search_files', args);
  return z.object({ hits: z.array(z.looseObject({ path: z.string(), line: z.int() })) }).parse(structured)
    .hits;
}

test('a folder is listed by name, with sizes and times', async () => {
  const { structured, text } = await server.callTool('list_files', { folder: 'docs' });

  expect(structured).toEqual({
    entries: [
      { path: 'docs/deep', type: 'folder', modified_at: expect.stringMatching(/^\d{4}-.*Z$/u) },
      { path: 'docs/index.md', type: 'file', size: 27, modified_at: expect.any(String) },
    ],
  });
  expect(text).toBe('docs/deep/\ndocs/index.md (27 bytes)');
});

test.each([
  [{}, ['a.md', 'b.csv', 'docs', 'docs-2', 'image.bin']],
  [{ glob: '*.md' }, ['a.md']],
  [{ recursive: true, glob: '*.md' }, ['a.md', 'docs/index.md', 'docs-2/z.md']],
  [
    { recursive: true, glob: 'docs/**' },
    ['docs', 'docs/deep', 'docs/deep/er', 'docs/deep/er/note.txt', 'docs/index.md'],
  ],
  [{ recursive: true, glob: '**/{note,z}.{txt,md}' }, ['docs/deep/er/note.txt', 'docs-2/z.md']],
  [{ recursive: true, glob: 'docs*/?.md' }, ['docs-2/z.md']],
  [{ recursive: true, folder: 'docs', glob: 'deep/*' }, ['docs/deep/er']],
  [{ folder: 'docs/', glob: 'nothing' }, []],
])('%j lists %j', async (args, paths) => {
  expect(await list(args)).toEqual(paths);
});

test('pages join to the whole list, while files come and go', async () => {
  const names = Array.from({ length: 450 }, (_, index) => `many/f${String(index).padStart(3, '0')}/x.txt`);
  for (const name of names) {
    await mkdir(dirname(join(server.root, name)), { recursive: true });
    await writeFile(join(server.root, name), '');
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { structured } = await server.callTool('list_files', { folder: 'many', recursive: true, cursor });
    const page = pageSchema.parse(structured);
    expect(page.entries.length).toBeLessThanOrEqual(200);
    seen.push(...page.entries.filter(({ type }) => type === 'file').map(({ path }) => path));
    cursor = page.next_cursor;
    // The entry at which a page ends need not be there any more.
    const last = page.entries.at(-1)?.path ?? '';
    if (cursor !== undefined) await rm(join(server.root, last), { recursive: true });
  } while (cursor !== undefined);

  expect(seen).toEqual(names);
});

test('a page that found nothing among many says that there is more', async () => {
  const folder = join(server.root, 'crowd');
  await mkdir(folder);
  for (let index = 0; index < 20_000; index += 1) writeFileSync(join(folder, `f${index}`), '');
  await writeFile(join(folder, 'last.md'), '');

  const first = await server.callTool('list_files', { folder: 'crowd', glob: '*.md' });
  const { next_cursor: cursor } = pageSchema.parse(first.structured);
  const more = `[There is more: cursor ${JSON.stringify(cursor)}]`;
  expect(first.text).toBe(`(Nothing that fits among the next 20000 entries.)\n${more}`);
  const second = await server.callTool('list_files', { folder: 'crowd', glob: '*.md', cursor });
  expect(second.text).toBe('crowd/last.md (0 bytes)');
  await rm(folder, { recursive: true });
});

test('a text is found as it stands, by path, line and column', async () => {
  expect(await search({ query: '(a+b)*' })).toEqual([
    { path: 'docs/index.md', line: 2, column: 7, text: 'Ärger (a+b)*' },
  ]);
  expect(await search({ query: '天气' })).toEqual([
    { path: 'docs-2/z.md', line: 1, column: 1, text: '天气很好' },
  ]);
  expect(await search({ query: '.*' })).toEqual([]);
});

test('case counts only when asked', async () => {
  expect(await search({ query: 'beta' })).toMatchObject([{ path: 'a.md', line: 2, column: 1 }]);
  expect(await search({ query: 'beta', ignore_case: false })).toMatchObject([{ column: 6 }]);
  expect(await search({ query: 'ÄRGER' })).toMatchObject([{ path: 'docs/index.md' }]);
});

test('folder and glob narrow a search, and a limit says that there is more', async () => {
  expect(await search({ query: 'alpha', glob: '*.md' })).toMatchObject([
    { path: 'a.md' },
    { path: 'docs/index.md' },
  ]);
  expect(await search({ query: 'alpha', folder: 'docs', glob: 'deep/**' })).toMatchObject([
    { path: 'docs/deep/er/note.txt' },
  ]);
  const cut = await server.callTool('search_files', { query: 'alpha', max_hits: 1 });
  expect(cut.structured).toMatchObject({ truncated: true, hits: [{ path: 'a.md' }] });
  const whole = await server.callTool('search_files', { query: 'alpha', max_hits: 3 });
  expect(whole.structured).toMatchObject({ truncated: false, files_skipped: 1 });
});

test('a long line is shown around the hit', async () => {
  await writeFile(join(server.root, 'wide.txt'), `${'-'.repeat(5000)}needle${'-'.repeat(5000)}`);
  const { text } = await server.callTool('search_files', { query: 'needle' });

  expect(text).toContain('needle');
  expect(text.length).toBeLessThan(400);
});

test.each([
  ['list_files', { glob: '{a,b' }, 'GLOB_INVALID'],
  ['list_files', { glob: '{a}' }, 'GLOB_INVALID'],
  ['list_files', { glob: '{a,{b,c}}' }, 'GLOB_INVALID'],
  ['list_files', { glob: '{a,b}'.repeat(10) }, 'GLOB_INVALID'],
  ['list_files', { glob: 'x'.repeat(201) }, 'INVALID_INPUT'],
  ['list_files', { recursive: 'yes' }, 'INVALID_INPUT'],
  ['search_files', { query: '' }, 'INVALID_INPUT'],
  ['search_files', { query: 'two\nlines' }, 'INVALID_INPUT'],
  ['search_files', { query: 'x'.repeat(201) }, 'INVALID_INPUT'],
  ['search_files', { query: 'x', max_hits: 0 }, 'INVALID_INPUT'],
  ['search_files', {}, 'INVALID_INPUT'],
])('%s %j is answered with %s', async (tool, args, code) => {
  expect(codeOf(await server.callTool(tool, args))).toBe(code);
});

test('a long search tells how far it is', async () => {
  const folder = join(server.root, 'progress');
  await mkdir(folder);
  const names = Array.from({ length: 250 }, (_, index) => join(folder, `${index}.txt`));
  await Promise.all(names.map((name) => writeFile(name, 'text')));
  const steps: unknown[] = [];
  await server.client.callTool(
    { name: 'search_files', arguments: { query: 'nowhere', folder: 'progress' } },
    { onprogress: (step) => steps.push(step) },
  );
  await rm(folder, { recursive: true });
  expect(steps).toEqual([100, 200].map((done) => ({ progress: done, message: `${done} files searched` })));
});
