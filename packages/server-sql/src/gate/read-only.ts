import { ToolError } from '@patchbay/server-kit';
import { hasPassed, rememberPassed } from './passed.ts';
import { isSymbol, isWord, readStatement, refuseFunctions, wordAt } from './statement.ts';
import type { Dialect, Token } from './tokenize.ts';

/** What a statement may start with. Whatever else a server knows is refused without a look. */
const ALLOWED = new Set(['SELECT', 'WITH', 'SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN', 'TABLE', 'VALUES']);
/** Statements of DuckDB alone that read. */
const ALLOWED_IN_DUCKDB = new Set(['FROM', 'SUMMARIZE']);
const EXPLAINING = new Set(['DESCRIBE', 'DESC', 'EXPLAIN']);
const READING = new Set(['SELECT', 'WITH', 'TABLE', 'VALUES']);
const WRITING = new Set(['INSERT', 'UPDATE', 'DELETE', 'REPLACE', 'LOAD', 'CALL']);

/** Words in a row that write a file, take locks, or draw a number, wherever they stand; by the first of them. */
const REFUSED_PHRASES: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ['INTO', [['INTO']]],
  [
    'FOR',
    [
      ['FOR', 'UPDATE'],
      ['FOR', 'SHARE'],
    ],
  ],
  ['LOCK', [['LOCK', 'IN', 'SHARE']]],
  [
    'NEXT',
    [
      ['NEXT', 'VALUE', 'FOR'],
      ['NEXT', 'VALUE', 'FROM'],
    ],
  ],
  ['PROCEDURE', [['PROCEDURE', 'ANALYSE']]],
]);

/**
 * Lets exactly one statement through, and only one that reads. This is the first of three barriers: the session is
 * read-only besides, and the database account should be.
 *
 * @throws {ToolError} `READ_ONLY` or `MULTIPLE_STATEMENTS`, and `SQL_ERROR` when the text is no statement at all.
 */
export function assertReadOnly(sql: string, dialect: Dialect): void {
  if (hasPassed(sql, dialect)) return;
  const tokens = readStatement(sql, dialect, refusal);
  refuseWrongStart(tokens, dialect);
  for (let index = 0; index < tokens.length; index += 1) refuseInside(tokens, index);
  refuseFunctions(tokens, refusal);
  rememberPassed(sql, dialect);
}

/**
 * The same for a statement whose plan is asked for: it has to be one that has a plan.
 *
 * @throws {ToolError} as {@link assertReadOnly}, and `SQL_ERROR` for SHOW, DESCRIBE and EXPLAIN.
 */
export function assertExplainable(sql: string, dialect: Dialect): void {
  assertReadOnly(sql, dialect);
  const tokens = readStatement(sql, dialect, refusal);
  const first = tokens.find((token) => !isSymbol(token, '('));
  if (first && (READING.has(first.value) || (dialect === 'duckdb' && first.value === 'FROM'))) return;
  throw new ToolError('SQL_ERROR', `${first?.value ?? 'This'} has no plan`, {
    hint: 'Give the SELECT itself, without EXPLAIN before it.',
  });
}

function refuseWrongStart(tokens: readonly Token[], dialect: Dialect): void {
  const start = tokens.findIndex((token) => !isSymbol(token, '('));
  const first = wordAt(tokens, start);
  const isAllowed = ALLOWED.has(first) || (dialect === 'duckdb' && ALLOWED_IN_DUCKDB.has(first));
  if (!isAllowed) throw refusal(`${first || 'This'} is not a statement that reads`);
  if (EXPLAINING.has(first)) return refuseExplainedWrite(tokens.slice(start + 1));
  if (first === 'WITH') refuseWriteAfterWith(tokens.slice(start));
}

/** Some servers run what they explain, and `EXPLAIN FOR CONNECTION` looks into the work of others. */
function refuseExplainedWrite(tokens: readonly Token[]): void {
  const verb = tokens.find(
    ({ kind, value }) => kind === 'word' && (READING.has(value) || WRITING.has(value)),
  );
  const isForeign = tokens.some(
    (token, index) => isWord(token, 'FOR') && wordAt(tokens, index + 1) === 'CONNECTION',
  );
  if (isForeign || (verb && WRITING.has(verb.value))) {
    throw refusal(`EXPLAIN ${isForeign ? 'FOR CONNECTION' : verb?.value} is refused`);
  }
  const rest = tokens.slice(verb ? tokens.indexOf(verb) : tokens.length);
  if (verb?.value === 'WITH') refuseWriteAfterWith(rest);
}

/** The verb of a WITH statement is the first outside all parentheses; the names before it have theirs inside. */
function refuseWriteAfterWith(tokens: readonly Token[]): void {
  let depth = 0;
  const verb = tokens.slice(1).find((token) => {
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    return depth === 0 && token.kind === 'word' && (READING.has(token.value) || WRITING.has(token.value));
  });
  if (verb && WRITING.has(verb.value)) throw refusal(`WITH ... ${verb.value} is refused`);
}

function refuseInside(tokens: readonly Token[], index: number): void {
  const token = tokens[index];
  if (!token) return;
  if (isSymbol(token, ':=')) throw refusal('Assigning a variable is refused');
  if (isSymbol(token, '(')) refuseWriteInParentheses(tokens, index + 1);
  if (token.kind !== 'word') return;
  // Vitess draws as many numbers: NEXT 5 VALUES FROM.
  if (token.value === 'NEXT' && wordAt(tokens, index + 2) === 'VALUES')
    throw refusal('NEXT ... VALUES is refused');
  const phrase = REFUSED_PHRASES.get(token.value)?.find((words) =>
    words.every((word, at) => wordAt(tokens, index + at) === word),
  );
  if (!phrase) return;
  const hint = phrase[0] === 'INTO' ? 'Use export_csv to write a file.' : undefined;
  throw refusal(`${phrase.join(' ')} is refused`, { hint });
}

/** REPLACE and INSERT are functions as well: behind those a parenthesis follows. */
function refuseWriteInParentheses(tokens: readonly Token[], index: number): void {
  const verb = wordAt(tokens, index);
  const next = tokens[index + 1];
  if (WRITING.has(verb) && next && next.kind !== 'symbol') throw refusal(`(${verb} ...) is refused`);
}

function refusal(message: string, options: { hint?: string | undefined; cause?: unknown } = {}): ToolError {
  const allowed = 'Only what reads is run here: SELECT, WITH, SHOW, DESCRIBE, EXPLAIN, TABLE and VALUES.';
  return new ToolError('READ_ONLY', message, { hint: options.hint ?? allowed, cause: options.cause });
}
