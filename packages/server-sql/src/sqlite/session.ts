import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { toCell } from '../cell.ts';
import type { Cell, Column, QueryResult, ResultLimits, Written } from '../database.ts';
import { collectRows } from '../result-rows.ts';
import { openSqlite } from './open.ts';
import { openForWriting } from './open-for-writing.ts';
import type { SqliteReply, SqliteRequest, SqliteTarget } from './protocol.ts';

type Row = readonly SQLOutputValue[];

/** Answers requests on one connection, which the first of them opens. */
export class SqliteSession {
  readonly #target: SqliteTarget;
  #database: DatabaseSync | undefined;
  #rows: Iterator<Row> | undefined;

  constructor(target: SqliteTarget) {
    this.#target = target;
  }

  answer(request: SqliteRequest): SqliteReply {
    try {
      this.#database ??= open(this.#target);
    } catch (error) {
      return { kind: 'cannot-open', message: messageOf(error) };
    }
    try {
      return this.#run(this.#database, request);
    } catch (error) {
      return { kind: 'cannot-run', message: messageOf(error) };
    }
  }

  #run(database: DatabaseSync, request: SqliteRequest): SqliteReply {
    switch (request.kind) {
      case 'query':
        return { kind: 'result', result: query(database.prepare(request.sql), request.limits) };
      case 'execute':
        return { kind: 'written', written: execute(database, request.sql) };
      case 'open-rows': {
        const statement = database.prepare(request.sql);
        this.#rows = readRows(statement);
        return { kind: 'columns', columns: readColumns(statement) };
      }
      case 'next-rows': {
        const rows = take(this.#rows, request.count);
        return { kind: 'rows', rows, isLast: rows.length < request.count };
      }
      default:
        return request satisfies never;
    }
  }
}

function open({ source, access }: SqliteTarget): DatabaseSync {
  if (access === 'read') return openSqlite(source);
  if (source.kind === 'file') return openForWriting(source);
  throw new Error('the sample data cannot be written');
}

/** Tables of no database would be lost with this process; they show only afterwards. */
function execute(database: DatabaseSync, sql: string): Written {
  database.exec('BEGIN IMMEDIATE');
  try {
    const { changes, lastInsertRowid } = database.prepare(sql).run();
    const [strays = 0] = Object.values(database.prepare(STRAYS).get() ?? {}).map(Number);
    if (strays > 0) throw new Error('put the database before the name of what is created');
    database.exec('COMMIT');
    const insertId = toCell(lastInsertRowid);
    return { affectedRows: Number(changes), insertId: isKey(insertId) ? insertId : null };
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

const STRAYS = 'SELECT (SELECT count(*) FROM main.sqlite_schema) + (SELECT count(*) FROM temp.sqlite_schema)';

/** A fresh connection has inserted nothing: its last key is 0. */
function isKey(cell: Cell): cell is number | string {
  return cell !== 0 && (typeof cell === 'number' || typeof cell === 'string');
}

function query(statement: StatementSync, limits: ResultLimits): QueryResult {
  const collected = collectRows(limits);
  let first: Row | undefined;
  for (const row of readRows(statement)) {
    first ??= row;
    if (!collected.add(row.map(toCell))) break;
  }
  return collected.finish(readColumns(statement, first));
}

/** Rows come as arrays, so that two columns of one name both survive; the driver's types know only objects. */
function* readRows(statement: StatementSync): Generator<Row> {
  for (const row of statement.iterate()) yield Object.values(row);
}

function readColumns(statement: StatementSync, first: Row = []): readonly Column[] {
  return statement.columns().map(({ name, type }, index) => ({
    name,
    type: type?.toLowerCase() ?? storageClass(first[index] ?? null),
  }));
}

/** An expression has no declared type; what its first value is stored as says most. */
function storageClass(value: SQLOutputValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'bigint') return 'integer';
  return typeof value === 'number' ? 'real' : 'blob';
}

function take(rows: Iterator<Row> | undefined, count: number): readonly (readonly Cell[])[] {
  const taken: (readonly Cell[])[] = [];
  let next = rows?.next();
  while (next && next.done !== true) {
    taken.push(next.value.map(toCell));
    if (taken.length === count) break;
    next = rows?.next();
  }
  return taken;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
