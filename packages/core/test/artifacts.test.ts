import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { withResultBudget } from '../src/surface/result-budget.ts';
import type { PatchbayError } from '../src/errors.ts';
import type { ContentPart, ToolOutcome } from '../src/tools.ts';
import { outcomeText, textOutcome } from '../src/tools.ts';
import { toolsOf } from './support/fake-tools.ts';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('./fixtures/keeps-results.ts', import.meta.url));
const LONG = `${'line\n'.repeat(10_000)}needle\n`;

async function newFolder(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'artifacts-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  return join(parent, 'of', 'patchbay');
}

const handleIn = (outcome: ToolOutcome): string => /handle (\w+)/.exec(outcomeText(outcome))?.[1] ?? '';

test('a long result is kept in a file of the user alone, and its handle reads it in a later run', async () => {
  const folder = await newFolder();
  const outcome = await withResultBudget(toolsOf({ long: () => textOutcome(LONG, false) }), {
    folder,
  }).callTool('s__long', {});
  const path = /kept in (\S+\.txt)\./.exec(outcomeText(outcome))?.[1] ?? '';
  expect(dirname(path)).toBe(folder);
  expect(await readFile(path, 'utf8')).toBe(LONG);
  expect([(await stat(folder)).mode & 0o777, (await stat(path)).mode & 0o777]).toEqual([0o700, 0o600]);

  const later = withResultBudget(toolsOf({}), { folder });
  const args = { handle: handleIn(outcome), grep: 'needle' };
  expect(await later.callTool('patchbay__read_result', args)).toEqual(textOutcome('10001: needle', false));
});

test('what is given twice is kept once, so that whoever compares results sees that they are the same', async () => {
  const folder = await newFolder();
  const sound: ContentPart = { type: 'file', mimeType: 'audio/wav', data: btoa('sound') };
  const both = { content: [{ type: 'text' as const, text: LONG }, sound], isError: false };
  const tools = withResultBudget(toolsOf({ same: () => both, other: () => textOutcome(`${LONG}.`, false) }), {
    folder,
  });
  const once = await tools.callTool('s__same', {});
  expect(await tools.callTool('s__same', {})).toEqual(once);
  expect(handleIn(await tools.callTool('s__other', {}))).not.toBe(handleIn(once));
  expect(await readdir(folder)).toHaveLength(3);

  const inMemory = withResultBudget(toolsOf({ same: () => both }));
  expect(await inMemory.callTool('s__same', {})).toEqual(await inMemory.callTool('s__same', {}));
});

test('what a model can see it gets, what it cannot is kept and spoken of', async () => {
  const folder = await newFolder();
  const data = Buffer.from('some bytes').toString('base64');
  const content: ContentPart[] = [
    { type: 'text', text: 'three things' },
    { type: 'image', mimeType: 'image/png', data },
    { type: 'image', mimeType: 'image/tiff', data },
    { type: 'file', mimeType: 'audio/wav', data },
    { type: 'file', mimeType: 'application/pdf', data, name: 'report.pdf' },
    { type: 'file', mimeType: 'application/x-odd; charset=../..', data },
  ];
  const tools = withResultBudget(toolsOf({ mixed: () => ({ content, isError: false }) }), { folder });
  const path = (ending: string): unknown =>
    expect.stringMatching(new RegExp(`^${folder}/a\\w{16}\\.${ending}$`));
  const told = (start: string, ending: string): unknown =>
    expect.stringMatching(new RegExp(`^\\[${start}, 10 B, kept in ${folder}/a\\w{16}\\.${ending}\\]$`));
  expect((await tools.callTool('s__mixed', {})).content).toEqual([
    content[0],
    { ...content[1], path: path('png') },
    { type: 'text', text: told('image image/tiff', 'bin') },
    { type: 'text', text: told('audio audio/wav', 'wav') },
    { ...content[4], path: path('pdf') },
    { type: 'text', text: told('file application/x-odd; charset=../..', 'bin') },
  ]);
  const [name = ''] = await readdir(folder);
  expect(await readFile(join(folder, name), 'utf8')).toBe('some bytes');
});

test('two processes share a folder, which stays within its size, and touch nothing that is not theirs', async () => {
  const folder = await newFolder();
  await withResultBudget(toolsOf({ long: () => textOutcome(LONG, false) }), { folder }).callTool(
    's__long',
    {},
  );
  await writeFile(join(folder, 'mine.txt'), 'mine');
  const marks = ['one', 'other'];
  const views = await Promise.all(marks.map((mark) => run(process.execPath, [PROGRAM, folder, mark])));
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  // Each looks after a twentieth of what the folder may hold, so that two may be over by two of those.
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(220_000 + 20_000);
  expect(names.length).toBeGreaterThan(10);
  expect(names).toContain('mine.txt');
  // What is there is whole, whichever process wrote it, and the newest of all is there.
  const texts = await Promise.all(
    names.filter((name) => name !== 'mine.txt').map((name) => readFile(join(folder, name), 'utf8')),
  );
  expect(texts.filter((text) => !/^(one|other) \d+ x{10000}$/.test(text))).toEqual([]);
  const tools = withResultBudget(toolsOf({}), { folder });
  const last = await Promise.all(
    views.map(async ({ stdout }) => {
      const handle = /handle (\w+)/.exec(stdout)?.[1] ?? '';
      return outcomeText(await tools.callTool('patchbay__read_result', { handle }));
    }),
  );
  expect(last).toContainEqual(expect.stringMatching(/^(one|other) 49 x/));
});

test('a file that is too old goes, and its handle says so', async () => {
  const folder = await newFolder();
  const source = toolsOf({ long: () => textOutcome(LONG, false) });
  const old = await withResultBudget(source, { folder }).callTool('s__long', {});
  const [name = ''] = await readdir(folder);
  await utimes(join(folder, name), new Date(0), new Date(0));
  const tools = withResultBudget(source, { folder });
  const fresh = await tools.callTool('s__long', {});
  expect(await tools.callTool('patchbay__read_result', { handle: handleIn(old) })).toMatchObject({
    isError: true,
    content: [{ text: expect.stringContaining('any more. Call the tool again') }],
  });
  expect(await tools.callTool('patchbay__read_result', { handle: handleIn(fresh) })).toMatchObject({
    isError: false,
  });
});

test('a folder that cannot be written costs nothing but the later run', async () => {
  const parent = await newFolder();
  await withResultBudget(toolsOf({ long: () => textOutcome(LONG, false) }), { folder: parent }).callTool(
    's__long',
    {},
  );
  const [file = ''] = await readdir(parent);
  const unwritten: PatchbayError[] = [];
  const tools = withResultBudget(
    toolsOf({
      long: () => textOutcome(LONG, false),
      plot: () => ({ content: [{ type: 'image', mimeType: 'image/png', data: 'AA==' }], isError: false }),
    }),
    { folder: join(parent, file), onUnwritten: (error) => unwritten.push(error) },
  );
  const args = { handle: handleIn(await tools.callTool('s__long', {})), grep: 'needle' };
  expect(await tools.callTool('patchbay__read_result', args)).toEqual(textOutcome('10001: needle', false));
  expect((await tools.callTool('s__plot', {})).content).toEqual([
    { type: 'image', mimeType: 'image/png', data: 'AA==' },
  ]);
  expect(unwritten.map(({ code, message }) => [code, message.replace(/.*: /, '')])).toEqual(
    Array.from({ length: 2 }, () => ['FILE_NOT_WRITTEN', 'a part of its path is no folder (ENOTDIR)']),
  );
});

test.for(['../../etc/passwd', 'a/b', 'mine', 'a0000000000000000'])(
  'the handle %s reads nothing',
  async (handle) => {
    const tools = withResultBudget(toolsOf({}), { folder: await newFolder() });
    expect(await tools.callTool('patchbay__read_result', { handle })).toMatchObject({ isError: true });
  },
);
