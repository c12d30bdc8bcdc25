import { createHash } from 'node:crypto';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServerProcess } from '@patchbay/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineUnderTest } from './support.ts';
import { ENGINES, main, makeFolder, startEngine } from './support.ts';

describe.for(ENGINES)('on %s', (kind) => {
  let engine: EngineUnderTest;
  beforeAll(async () => {
    engine = await startEngine(kind);
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  const call = (name: string, args: Record<string, unknown>) => engine.server.callTool(name, args);

  test('a table is exported whole, byte for byte as reported', async () => {
    const answer = await call('export_csv', { table: 'students_scores' });
    const bytes = await readFile(join(engine.workspace, 'students_scores.csv'));
    const [header, first, ...rest] = bytes.toString().split('\r\n');
    expect([header, first, rest.length]).toEqual([
      'student_id,name,mathematics,english,computing',
      '1,Amara Okafor,92,85,97',
      10,
    ]);
    expect(answer.structured).toMatchObject({
      path: 'students_scores.csv',
      rows: 10,
      bytes: bytes.length,
      columns: ['student_id', 'name', 'mathematics', 'english', 'computing'],
      sha256: createHash('sha256').update(bytes).digest('hex'),
      truncated: false,
    });
    expect(answer.content[1]).toMatchObject({
      type: 'resource_link',
      name: 'students_scores.csv',
      mimeType: 'text/csv',
    });
    const again = await call('export_csv', { table: 'students_scores' });
    expect(again).toMatchObject({ isError: true, text: expect.stringMatching(/^EXPORT_EXISTS: /) });
    const over = await call('export_csv', { table: 'students_scores', overwrite: true });
    expect(over).toMatchObject({ isError: false });
  });

  test('the rows of a SELECT are exported with quotes, NULL and a sub-folder', async () => {
    const sql = 'SELECT order_id, note FROM shop.orders ORDER BY order_id LIMIT 2';
    const answer = await call('export_csv', { sql, file: 'reports/notes.csv' });
    expect(answer).toMatchObject({ isError: false, structured: { path: 'reports/notes.csv', rows: 2 } });
    expect(await readFile(join(engine.workspace, 'reports/notes.csv'), 'utf8')).toBe(
      'order_id,note\r\n1,"Gift: ""wrap, please"""\r\n2,\r\n',
    );
  });

  test.for([
    [{ sql: 'DELETE FROM school.students_scores' }, 'READ_ONLY'],
    [{ sql: 'SELECT nix FROM school.students_scores', file: 'bad.csv' }, 'SQL_ERROR'],
    [{ table: 'orders', file: '../out.csv' }, 'PATH_OUTSIDE'],
    [{ table: 'orders', file: '/tmp/out.csv' }, 'PATH_OUTSIDE'],
    [{ table: 'orders', file: 'notes.md' }, 'PATH_INVALID'],
    [{ table: 'orders', file: 'linked/out.csv' }, 'PATH_OUTSIDE'],
    [{}, 'INVALID_INPUT'],
    [{ table: 'orders', sql: 'SELECT 1' }, 'INVALID_INPUT'],
  ] as const)('an export of %j is refused with %s and leaves nothing behind', async ([args, code]) => {
    await call('export_csv', { sql: 'SELECT 1', file: 'first.csv', overwrite: true });
    await symlink('/tmp', join(engine.workspace, 'linked')).catch(() => 'made by an earlier case');
    const before = await readdir(engine.workspace);
    const answer = await call('export_csv', args);
    expect(answer.text.slice(0, code.length + 2)).toBe(`${code}: `);
    expect(await readdir(engine.workspace)).toEqual(before);
  });

  test('a file that is there keeps its bytes when an export over it fails', async () => {
    await call('export_csv', { sql: 'SELECT 1', file: 'kept.csv' });
    const path = join(engine.workspace, 'kept.csv');
    await writeFile(path, 'mine');
    await call('export_csv', {
      sql: 'SELECT nix FROM school.students_scores',
      file: 'kept.csv',
      overwrite: true,
    });
    expect(await readFile(path, 'utf8')).toBe('mine');
  });
});

test('a client is told that an export is another resource', async () => {
  await using folder = await makeFolder();
  const args = ['--workspace', folder.path];
  await using server = await startServerProcess({ main, args, era: 'legacy' });
  const told = Promise.withResolvers<void>();
  server.client.setNotificationHandler('notifications/resources/list_changed', () => told.resolve());
  await server.callTool('export_csv', { sql: 'SELECT 1', file: 'told.csv' });
  await told.promise;
  const { resources } = await server.client.listResources();
  expect(resources.map(({ name }) => name)).toContain('told.csv');
});
