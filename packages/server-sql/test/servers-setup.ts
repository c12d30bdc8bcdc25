import { errorMessage } from '@patchbay/server-kit';
import { startMariaDb, startMySql } from '@patchbay/testing';
import type { DatabaseServer } from '@patchbay/testing';
import mysql from 'mysql2/promise';
import type { TestProject } from 'vitest/node';
import { SAMPLE_DATABASES, sampleSql, sampleTables } from '../src/sample/sample-sql.ts';
import { TLS_OPTIONS } from './tls.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The MariaDB that all test files share, with the sample databases on it. */
    readonly mariaDbUrl: string;
    /** A real MySQL, likewise; empty on a machine that cannot have one. */
    readonly mySqlUrl: string;
  }
}

/** Starts one server of each kind for all test files: they take longer to come up than the tests that need them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [mariaDb, mySql] = await Promise.all([
    startMariaDb().then(withSampleData),
    startMySql({ options: TLS_OPTIONS }).then(withSampleData).catch(leaveOut),
  ]);
  project.provide('mariaDbUrl', mariaDb.url);
  project.provide('mySqlUrl', mySql?.url ?? '');
  return async () => {
    await Promise.all([mariaDb[Symbol.asyncDispose](), mySql?.[Symbol.asyncDispose]()]);
  };
}

function leaveOut(error: unknown): undefined {
  process.stderr.write(`Tests over MySQL itself are left out here. ${errorMessage(error)}\n`);
}

async function withSampleData(server: DatabaseServer): Promise<DatabaseServer> {
  await using connection = await mysql.createConnection(server.url);
  for (const database of SAMPLE_DATABASES) {
    await connection.query(`DROP DATABASE IF EXISTS ${database}`);
    await connection.query(`CREATE DATABASE ${database}`);
  }
  for (const sql of sampleTables().flatMap((table) => sampleSql(table, 'mysql'))) await connection.query(sql);
  await connection.query('ANALYZE TABLE school.students_scores, shop.customers, shop.orders, shop.products');
  return server;
}
