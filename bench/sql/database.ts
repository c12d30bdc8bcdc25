import type { DatabaseServer } from '@patchbay/testing';
import { startMariaDb, startMySql } from '@patchbay/testing';
import mysql from 'mysql2/promise';

/** A private server with the table `sales`, which all measurements read. */
export interface BenchDatabase extends AsyncDisposable {
  /** For example `MySQL 9.7.4`. */
  readonly name: string;
  readonly server: DatabaseServer;
  /** With the database: `mysql://user:password@host:port/bench`. */
  readonly url: string;
}

/** What is asked, from a row by its key to a thousand rows and an aggregate over many. */
export const QUERIES = {
  'one row by key': 'SELECT * FROM sales WHERE id = 4711',
  '100 rows': 'SELECT * FROM sales WHERE id <= 100',
  '1000 rows': 'SELECT * FROM sales WHERE id <= 1000',
  aggregate:
    'SELECT region, COUNT(*) AS sales, SUM(amount) AS total FROM sales WHERE id <= 20000 GROUP BY region ORDER BY region',
} as const;

/** @throws {Error} when no server of that kind can be had. */
export async function openBenchDatabase(wanted: {
  readonly kind: string;
  readonly rows: number;
}): Promise<BenchDatabase> {
  if (wanted.kind !== 'mysql' && wanted.kind !== 'mariadb') throw new Error('--server is mysql or mariadb');
  const server = await (wanted.kind === 'mysql' ? startMySql() : startMariaDb());
  try {
    const url = `${server.url}/bench`;
    await using admin = await mysql.createConnection(server.url);
    await admin.query('CREATE DATABASE bench');
    await admin.query('USE bench');
    for (const sql of fillSql(wanted.rows)) await admin.query(sql);
    const [rows] = await admin.query({ sql: 'SELECT VERSION()', rowsAsArray: true });
    const version = /[\d.]+/.exec(JSON.stringify(rows))?.[0] ?? '';
    const name = `${wanted.kind === 'mysql' ? 'MySQL' : 'MariaDB'} ${version}`;
    return { name, server, url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

/** Numbers, exact decimals, text with quotes and commas, dates, and NULL, made by the server from the row's number. */
function fillSql(rows: number): readonly string[] {
  const digits =
    'SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9';
  const places = ['a', 'b', 'c', 'e', 'f', 'g', 'h'];
  const number = places.map((place, index) => `${place}.d * ${10 ** index}`).join(' + ');
  return [
    `CREATE TABLE sales (id INT PRIMARY KEY, region VARCHAR(20) NOT NULL, customer VARCHAR(60) NOT NULL,
       amount DECIMAL(10, 2) NOT NULL, quantity INT NOT NULL, sold_at DATETIME NOT NULL, note VARCHAR(80))`,
    `CREATE TABLE digits AS ${digits}`,
    `INSERT INTO sales SELECT n, ELT(1 + n % 5, 'North', 'South', 'East', 'West', 'Middle'), CONCAT('Customer ', n % 997),
       (n * 7919 % 1000000) / 100, 1 + n % 9, '2025-01-01' + INTERVAL n % 31536000 SECOND,
       CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN 'Gift, "wrapped"' ELSE CONCAT('Order of day ', n % 365) END
     FROM (SELECT 1 + ${number} AS n FROM ${places.map((place) => `digits ${place}`).join(', ')}) numbers WHERE n <= ${rows}`,
    'ANALYZE TABLE sales',
  ];
}
