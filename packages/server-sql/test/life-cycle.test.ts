import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { startServerProcess } from '@patchbay/testing';
import type { Connection } from 'mysql2/promise';
import mysql from 'mysql2/promise';
import { expect, test } from 'vitest';
import { openLine } from './line.ts';
import { loginOf, main, makeFolder, urlOf } from './support.ts';

const mariaDb = loginOf('mariadb');

const urlAt = (port: number, password = mariaDb.password): string =>
  `mysql://${mariaDb.user}:${password}@127.0.0.1:${port}`;

/** Joins so many rows that no machine gets through them during a test. */
const SLOW =
  'FROM information_schema.columns a, information_schema.columns b, information_schema.columns c, information_schema.columns d';

/** How many statements with `marker` in them the server is running. */
async function countRunning(admin: Connection, marker: string): Promise<number> {
  const [rows] = await admin.query(
    `SELECT COUNT(*) AS n FROM information_schema.processlist
     WHERE info LIKE '%${marker}%' AND info NOT LIKE '%processlist%'`,
  );
  return (rows as { n: number }[])[0]?.n ?? 0;
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']).catch(async () => ({
    // A slim container has no ps.
    stdout: (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).replaceAll(
      /(\d+) ?/g,
      `$1 ${pid}\n`,
    ),
  }));
  const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code !== 'ESRCH';
  }
}

const CONNECTION_LOST = {
  isError: true,
  text: expect.stringMatching(/^CONNECTION: MySQL at 127\.0\.0\.1:\d+: /),
};

test('a server whose database is away starts, says so, and works when it comes', async () => {
  await using line = await openLine(mariaDb);
  await line.cut();
  await using server = await startServerProcess({ main, env: { MYSQL_URL: urlAt(line.port) } });
  expect(await server.listTools()).toHaveLength(5);
  expect(await server.callTool('query', { sql: 'SELECT 1' })).toMatchObject(CONNECTION_LOST);
  // The connection that was to be there ahead of the first call failed without a word.
  expect(server.stderr()).toBe('');
  await line.restore();
  expect(await server.callTool('query', { sql: 'SELECT 1' })).toMatchObject({
    text: expect.stringContaining('1 row'),
  });
});

test('a database that goes away between calls is not noticed when it is back in time', async () => {
  await using line = await openLine(mariaDb);
  await using server = await startServerProcess({ main, env: { MYSQL_URL: urlAt(line.port) } });
  for (const round of [1, 2, 3]) {
    expect(await server.callTool('query', { sql: `SELECT ${round}` })).toMatchObject({ isError: false });
    await line.cut();
    await line.restore();
  }
});

test('a database that goes away during a query fails that query alone', async () => {
  await using line = await openLine(mariaDb);
  await using server = await startServerProcess({ main, env: { MYSQL_URL: urlAt(line.port) } });
  const marker = 'patchbay_life_cycle';
  const slow = `SELECT COUNT(*) AS ${marker} ${SLOW}`;
  const pending = server.callTool('query', { sql: slow });
  await using admin = await mysql.createConnection(urlOf('mariadb'));
  const running = () => countRunning(admin, marker);
  await expect.poll(running, { timeout: 10_000 }).toBe(1);
  await line.cut();
  expect(await pending).toMatchObject(CONNECTION_LOST);
  await line.restore();
  expect(await server.callTool('query', { sql: 'SELECT 2' })).toMatchObject({ isError: false });
});

test('a cancelled call ends its statement on the server too', async () => {
  await using server = await startServerProcess({ main, env: { MYSQL_URL: urlOf('mariadb') } });
  await using admin = await mysql.createConnection(urlOf('mariadb'));
  const running = () => countRunning(admin, 'patchbay_cancelled');
  const controller = new AbortController();
  const sql = `SELECT COUNT(*) AS patchbay_cancelled ${SLOW}`;
  const pending = server.callTool('query', { sql }, controller.signal).catch(() => 'cancelled');
  await expect.poll(running, { timeout: 10_000 }).toBe(1);
  controller.abort();
  expect(await pending).toBe('cancelled');
  await expect.poll(running, { timeout: 10_000 }).toBe(0);
});

test('a wrong password is told without the password', async () => {
  await using server = await startServerProcess({
    main,
    env: { MYSQL_URL: urlAt(mariaDb.port, 'wrong-secret') },
  });
  const answer = await server.callTool('list_tables');
  expect(answer).toMatchObject(CONNECTION_LOST);
  expect(answer.text).toContain('check the user, the password');
  expect(answer.text + server.stderr()).not.toContain('wrong-secret');
});

test('an unknown default database is told', async () => {
  await using server = await startServerProcess({ main, env: { MYSQL_URL: `${urlOf('mariadb')}/nowhere` } });
  expect((await server.callTool('query', { sql: 'SELECT 1' })).text).toMatch(/^CONNECTION: .*nowhere/);
});

test('a file that is missing or no database is told, and is read as soon as it is right', async () => {
  await using folder = await makeFolder();
  const path = join(folder.path, 'late.db');
  await using server = await startServerProcess({ main, args: ['--sqlite', path] });
  expect((await server.callTool('list_tables')).text).toMatch(/^CONNECTION: .*unable to open/);
  await writeFile(path, 'this is no database, whatever its name says'.repeat(50));
  expect((await server.callTool('list_tables')).text).toMatch(/^CONNECTION: .*not a database/);
  await writeFile(path, '');
  const file = new DatabaseSync(path);
  file.exec('CREATE TABLE here (id INT)');
  file.close();
  expect((await server.callTool('list_tables')).structured).toMatchObject({
    tables: [{ database: 'late', name: 'here', rows: 0 }],
    sample: false,
  });
});

test('a server ends with its client, and its SQLite process with it, even during a statement', async () => {
  const server = await startServerProcess({ main });
  const slow =
    'SELECT COUNT(*) FROM shop.order_items a, shop.order_items b, shop.order_items c, shop.order_items d';
  const pending = server.callTool('query', { sql: slow }).catch(() => 'closed');
  await expect.poll(() => childrenOf(server.pid), { timeout: 10_000 }).toHaveLength(1);
  const [child = 0] = await childrenOf(server.pid);
  process.kill(server.pid, 'SIGKILL');
  await pending;
  await expect.poll(() => isAlive(child), { timeout: 10_000 }).toBe(false);
  await server[Symbol.asyncDispose]();
});
