import { expect, test } from 'vitest';
import { assertReadOnly } from '../src/gate/read-only.ts';
import type { Dialect } from '../src/gate/tokenize.ts';
import { tokenize } from '../src/gate/tokenize.ts';
import { LEGITIMATE } from './legitimate.ts';
import { ATTACKS, HARMLESS_TO } from './statements.ts';

const DIALECTS = ['mysql', 'sqlite'] as const;

function codeOf(sql: string, dialect: Dialect): unknown {
  try {
    assertReadOnly(sql, dialect);
    return 'passed';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

test.for(DIALECTS)('every attack that is one to %s is refused with a reason', (dialect) => {
  const codes = new Map(ATTACKS.map((sql) => [sql, codeOf(sql, dialect)]));
  expect(new Set(codes.values())).toEqual(new Set(['READ_ONLY', 'MULTIPLE_STATEMENTS', 'passed']));
  const passed = ATTACKS.filter((sql) => codes.get(sql) === 'passed');
  expect(new Set(passed)).toEqual(new Set(HARMLESS_TO[dialect]));
});

test.for(LEGITIMATE.mysql)('MySQL may run %s', (sql) => {
  expect(() => assertReadOnly(sql, 'mysql')).not.toThrow();
});

test('a backslash escapes a quote in MySQL and is a sign like any other in SQLite', () => {
  const sql = String.raw`SELECT 'it\'s; one text'`;
  expect(() => assertReadOnly(sql, 'mysql')).not.toThrow();
  expect(() => assertReadOnly(sql, 'sqlite')).toThrow('does not end');
});

test.for([
  ['', 'There is no statement'],
  [';;', 'There is no statement'],
  ['/* only a comment */', 'There is no statement'],
  ["SELECT 'x", 'A string does not end'],
  ['SELECT `x', 'A quoted name does not end'],
  ['SELECT 1 /* x', 'A comment does not end'],
  [`SELECT '${'x'.repeat(100_000)}'`, 'longer than 100000'],
] as const)('a text that is no statement is refused: $1', ([sql, reason]) => {
  expect(() => assertReadOnly(sql, 'mysql')).toThrow(reason);
});

test('tokens cover the statement in order, with quotes undone', () => {
  const sql = 'SELECT `a``b`, "x""y", 1.5e3 FROM [my table] -- end';
  expect(tokenize(sql, 'sqlite').map(({ kind, value }) => [kind, value])).toEqual([
    ['word', 'SELECT'],
    ['name', 'a`b'],
    ['symbol', ','],
    ['name', 'x"y'],
    ['symbol', ','],
    ['number', '1.5e3'],
    ['word', 'FROM'],
    ['name', 'my table'],
  ]);
  for (const { text, start, end } of tokenize(sql, 'sqlite')) expect(sql.slice(start, end)).toBe(text);
});

test.for([
  'SELECT 1 /*T! , 2 */',
  'SELECT 1 /*T![auto_rand] , 2 */',
  'SELECT NEXT VALUE FROM ids',
  'SELECT NEXT 5 VALUES FROM ids',
])('what TiDB or Vitess would run is refused: %s', (sql) => {
  expect(codeOf(sql, 'mysql')).toBe('READ_ONLY');
});

test('a text that has passed is let through again, in its own dialect alone, and more of them than are remembered', () => {
  const sql = String.raw`SELECT 'it\'s; one text'`;
  const others = Array.from({ length: 600 }, (_, index) => `SELECT ${index}`);
  for (const text of [sql, sql, ...others, ...others, sql]) expect(codeOf(text, 'mysql')).toBe('passed');
  expect(codeOf(sql, 'sqlite')).toBe('READ_ONLY');
  expect(codeOf(`${sql}; DROP TABLE x`, 'mysql')).toBe('MULTIPLE_STATEMENTS');
  expect(codeOf('DROP TABLE x', 'mysql')).toBe('READ_ONLY');
  expect(codeOf('DROP TABLE x', 'mysql')).toBe('READ_ONLY');
});
