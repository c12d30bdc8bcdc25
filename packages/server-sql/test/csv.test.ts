import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorkspace } from '@patchbay/server-kit';
import { expect, test } from 'vitest';
import { csvRecord, withoutFormula } from '../src/csv-format.ts';
import type { Cell, RowStream } from '../src/database.ts';
import { writeExport } from '../src/export-file.ts';
import { findTable } from '../src/table-lookup.ts';
import { makeFolder } from './support.ts';

const { signal } = new AbortController();

test.for([
  [['a', 1, null, true], 'a,1,,true'],
  [['', ' a', 'a '], '""," a","a "'],
  [['a,b', 'say "hi"', 'two\nlines', 'cr\r'], '"a,b","say ""hi""","two\nlines","cr\r"'],
  [['数据 🎉', '0x00ff', '=1+1'], '数据 🎉,0x00ff,=1+1'],
  [[null], ''],
] as const)('%j is written as one record', ([cells, record]) => {
  expect(csvRecord(cells)).toBe(`${record}\r\n`);
});

test.for([
  ['=1+1', "'=1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['+cmd|x', "'+cmd|x"],
  ['-2+3', "'-2+3"],
  ['\t=1', "'\t=1"],
  ['-2.50', '-2.50'],
  ['+1e9', '+1e9'],
  ['a=b', 'a=b'],
  [-3, -3],
  [null, null],
  ['', ''],
] as const)('%j is kept from being run as a formula', ([cell, safe]) => {
  expect(withoutFormula(cell)).toBe(safe);
});

test('a text of any length is written whole, with its hash', async () => {
  await using folder = await makeFolder();
  const workspace = await openWorkspace(folder.path);
  const long = `${'é🎉'.repeat(150_000)}end`;
  const target = { workspace, file: 'long.csv', overwrite: false, maxRows: 10, signal };
  const report = await writeExport(streamOf([[long], ['x']]), target);
  const bytes = await readFile(report.path);
  expect(bytes.toString() === `n\r\n${long}\r\nx\r\n`).toBe(true);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(report).toMatchObject({ bytes: bytes.length, sha256, rows: 2 });
});

function streamOf(...batches: (readonly (readonly Cell[])[])[]): RowStream {
  return {
    columns: [{ name: 'n', type: 'int' }],
    batches: (async function* () {
      yield* batches;
    })(),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

test('an export stops at its limit and says so only when rows are missing', async () => {
  await using folder = await makeFolder();
  const workspace = await openWorkspace(folder.path);
  const base = { workspace, overwrite: true, maxRows: 3, signal };
  const cut = await writeExport(streamOf([[1], [2]], [[3], [4]]), { ...base, file: 'cut.csv' });
  expect(cut).toMatchObject({ rows: 3, isCut: true });
  expect(await readFile(cut.path, 'utf8')).toBe('n\r\n1\r\n2\r\n3\r\n');
  const whole = await writeExport(streamOf([[1], [2]], [[3]]), { ...base, file: 'whole.csv' });
  expect(whole).toMatchObject({ rows: 3, isCut: false });
  expect(await readdir(folder.path)).toEqual(['cut.csv', 'whole.csv']);
});

test('a file that somebody makes while rows are written is not replaced', async () => {
  await using folder = await makeFolder();
  const workspace = await openWorkspace(folder.path);
  const path = join(folder.path, 'race.csv');
  const stream: RowStream = {
    ...streamOf(),
    batches: (async function* () {
      await writeFile(path, 'theirs');
      yield [[1]];
    })(),
  };
  const target = { workspace, file: 'race.csv', overwrite: false, maxRows: 10, signal };
  await expect(writeExport(stream, target)).rejects.toMatchObject({ code: 'EXPORT_EXISTS' });
  expect(await readFile(path, 'utf8')).toBe('theirs');
  expect(await readdir(folder.path)).toEqual(['race.csv']);
});

test('an export that fails half-way leaves no file', async () => {
  await using folder = await makeFolder();
  const workspace = await openWorkspace(folder.path);
  const stream: RowStream = {
    ...streamOf(),
    batches: (async function* () {
      yield [[1]];
      throw new Error('gone');
    })(),
  };
  const target = { workspace, file: 'half.csv', overwrite: false, maxRows: 10, signal };
  await expect(writeExport(stream, target)).rejects.toThrow('gone');
  expect(await readdir(folder.path)).toEqual([]);
});

test('a folder of that name is not written over', async () => {
  await using folder = await makeFolder();
  await mkdir(join(folder.path, 'folder.csv'));
  const target = {
    workspace: await openWorkspace(folder.path),
    file: 'folder.csv',
    overwrite: true,
    maxRows: 10,
    signal,
  };
  await expect(writeExport(streamOf([[1]]), target)).rejects.toMatchObject({ code: 'PATH_INVALID' });
});

test('a name that several databases have is asked about, unless one is the default', () => {
  const tables = ['a', 'b'].map((database) => ({ database, name: 't', type: 'table' as const, rows: 0 }));
  const wanted = { table: 't', database: undefined, defaultDatabase: undefined };
  expect(() => findTable(tables, wanted)).toThrow('Several databases');
  expect(findTable(tables, { ...wanted, defaultDatabase: 'b' })).toMatchObject({ database: 'b' });
  expect(findTable(tables, { ...wanted, table: 'a.t' })).toMatchObject({ database: 'a' });
  expect(findTable(tables, { ...wanted, database: 'b' })).toMatchObject({ database: 'b' });
});
