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
