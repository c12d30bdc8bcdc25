import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FilesServer } from './files-server.ts';
import { codeOf, startFilesServer } from './files-server.ts';

let server: FilesServer;

beforeAll(async () => {
  server = await startFilesServer();
  const { root, outside } = server;
  await writeFile(join(outside, 'secret.txt'), 'secret');
  await writeFile(join(root, 'plain.txt'), 'plain');
  await mkdir(join(root, 'sub'));
  await symlink(join(outside, 'secret.txt'), join(root, 'file-link'));
  await symlink(outside, join(root, 'folder-link'));
  await symlink('../../outside', join(root, 'sub', 'relative-link'));
  await symlink('plain.txt', join(root, 'inner-link'));
  await symlink('sub', join(root, 'inner-folder-link'));
  await symlink(join(outside, 'not-there.txt'), join(root, 'dangling-link'));
  await symlink('loop', join(root, 'loop'));
  await symlink('/', join(root, 'root-link'));
});
afterAll(() => server[Symbol.asyncDispose]());

async function namesThere(): Promise<readonly string[]> {
  return [...(await readdir(server.root)), ...(await readdir(join(server.root, 'sub')))];
}

const OUTSIDE = [
  '..',
  '../secret.txt',
  '../outside/secret.txt',
  './../outside/secret.txt',
  'sub/../../outside/secret.txt',
  'sub/../plain.txt',
  'a/b/c/../../../../outside/secret.txt',
  '/etc/passwd',
  '//etc/passwd',
  '/',
  '/proc/self/environ',
  '/dev/stdin',
  '..\\outside\\secret.txt',
  'sub\\..\\..\\outside\\secret.txt',
  '\\\\server\\share\\file.txt',
  '\\\\?\\C:\\Windows\\win.ini',
  'C:\\Windows\\win.ini',
  'C:/Windows/win.ini',
  'c:file.txt',
  '~/.ssh/id_rsa',
  'file-link',
  'folder-link/secret.txt',
  'folder-link/new.txt',
  'sub/relative-link/secret.txt',
  'inner-link',
  'inner-folder-link/file.txt',
  'dangling-link',
  'loop',
  'root-link/etc/passwd',
];

const INVALID = [
  '.',
  './',
  'sub/',
  'sub/.',
  'line\nbreak.txt',
  'tab\t.txt',
  'escape\u001B[31m.txt',
  'delete\u007F.txt',
  'plain.txt::$DATA',
  'plain.txt:hidden',
  'file:///etc/passwd',
  'what?.txt',
  'star*.txt',
  'pipe|.txt',
  '<in>.txt',
  '"quoted".txt',
  'back\\slash.txt',
  'trailing-dot.',
  'trailing-space ',
  '... ',
  '...',
  'sub /file.txt',
  'sub./file.txt',
  'con',
  'NUL',
  'nul.txt',
  'Aux.tar.gz',
  'sub/COM1',
  'lpt9.log',
  'com¹.txt',
  'CONIN$',
  'reversed\u202Etxt.exe',
  'not-text-\uFFFD.txt',
  '.patchbay-0123456789abcdef.tmp',
  `${'n'.repeat(256)}.txt`,
  `${'文'.repeat(86)}.txt`,
  `${'d/'.repeat(40)}file.txt`,
];

/** Refused for every tool of every server, before it sees them. */
const BROKEN = ['a\0b', 'plain.txt\0.png', 'half\uD800.txt', '\uDC00'];

const TABLE = [
  ...OUTSIDE.map((path) => [JSON.stringify(path), path, 'PATH_OUTSIDE'] as const),
  ...INVALID.map((path) => [JSON.stringify(path).slice(0, 60), path, 'PATH_INVALID'] as const),
  ...BROKEN.map((path) => [JSON.stringify(path), path, 'INVALID_INPUT'] as const),
  ['an empty path', '', 'INVALID_INPUT'] as const,
  ['a path of 2000 characters', 'p/'.repeat(1000), 'INVALID_INPUT'] as const,
];

describe('a path that leads out, or means something else elsewhere, is refused by every tool', () => {
  test.each(TABLE)('%s', async (_title, path, code) => {
    const before = await namesThere();
    const outcomes = await Promise.all([
      server.callTool('read_file', { path }),
      server.callTool('write_file', { path, content: 'overwritten' }),
      server.callTool('write_file', { path, content: 'overwritten', overwrite: true }),
      server.callTool('write_file', { path, content: 'overwritten', append: true }),
    ]);

    expect(outcomes.map(codeOf)).toEqual([code, code, code, code]);
    expect(outcomes.map(({ text }) => text).join('')).not.toContain(server.outside);
    expect(await namesThere()).toEqual(before);
    expect(await readdir(server.outside)).toEqual(['secret.txt']);
    expect(await readFile(join(server.outside, 'secret.txt'), 'utf8')).toBe('secret');
    expect(await readFile(join(server.root, 'plain.txt'), 'utf8')).toBe('plain');
  });
});

describe('a folder that leads out is neither listed nor searched', () => {
  test.each([
    ['..', 'PATH_OUTSIDE'],
    ['/', 'PATH_OUTSIDE'],
    ['sub/../..', 'PATH_OUTSIDE'],
    ['folder-link', 'PATH_OUTSIDE'],
    ['sub/relative-link', 'PATH_OUTSIDE'],
    ['root-link/etc', 'PATH_OUTSIDE'],
    ['loop', 'PATH_OUTSIDE'],
    ['a\0b', 'INVALID_INPUT'],
    ['plain.txt', 'NOT_A_FOLDER'],
    ['missing', 'NOT_FOUND'],
  ])('%j', async (folder, code) => {
    const outcomes = await Promise.all([
      server.callTool('list_files', { folder }),
      server.callTool('search_files', { folder, query: 'secret' }),
    ]);

    expect(outcomes.map(codeOf)).toEqual([code, code]);
  });
});

test.for(['../outside', 'plain.txt'])('a cursor of one’s own making is refused: %s', async (cursor) => {
  expect(codeOf(await server.callTool('list_files', { cursor }))).toBe('INVALID_CURSOR');
});

test('links are listed as links, and neither listing nor searching goes through them', async () => {
  const listed = await server.callTool('list_files', { recursive: true });
  const found = await server.callTool('search_files', { query: 'secret' });

  expect(listed.text).toContain('folder-link (link)');
  expect(listed.text).toContain('sub/relative-link (link)');
  expect(listed.text).not.toContain('secret.txt');
  expect(found.structured).toMatchObject({ hits: [], files_searched: 1 });
});

test.each([
  ['file:///etc/passwd'],
  ['file://server/share/file.txt'],
  ['file:///tmp/%2e%2e/etc/passwd'],
  ['file:///tmp%2Fetc%2Fpasswd'],
])('the resource %s is refused', async (uri) => {
  await expect(server.client.readResource({ uri })).rejects.toThrow(/PATH_OUTSIDE|PATH_INVALID/u);
});

test('a resource behind a link is refused', async () => {
  const uri = `file://${server.root}/file-link`;
  await expect(server.client.readResource({ uri })).rejects.toThrow('PATH_OUTSIDE');
});

test('names that only look like tricks are names', async () => {
  const names = [
    '%2e%2e%2fsecret',
    '..foo',
    'a..b',
    '.hidden',
    '-rf',
    "it's",
    '空 格.txt',
    'conman',
    'nul1',
    '𝒳.md',
  ];
  for (const path of names) {
    const written = await server.callTool('write_file', { path, content: path });
    expect(written).toMatchObject({ isError: false });
    expect((await server.callTool('read_file', { path })).text).toBe(path);
  }
  const dotted = await server.callTool('read_file', { path: './/.hidden' });
  expect(dotted.structured).toMatchObject({ path: '.hidden' });
});
