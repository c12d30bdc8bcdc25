/** Which rules of quoting and commenting a statement is read by. */
export type Dialect = 'mysql' | 'sqlite' | 'duckdb';

/** One word, quoted name, string, number or symbol of a statement. Comments and blanks are left out. */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol';
  /** A word in upper case, a quoted name without its quotes, everything else as written. */
  readonly value: string;
  /** As written. */
  readonly text: string;
  /** Where the token stands in the statement: `sql.slice(start, end)`. */
  readonly start: number;
  readonly end: number;
}

/** A statement that cannot be read, or that may hide something from whoever reads it. */
export class TokenizeError extends Error {
  override readonly name = 'TokenizeError';
}

type Scan = (sql: string, at: number) => number;

/** A run of other letters is a word of its own: a keyword glued to one is then still seen. */
const OTHER_WORD = /[^\p{ASCII}\s]+/uy;
const NUMBER = /(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const LONG_SYMBOL = /:=|<=>|<>|!=|<=|>=|\|\||&&|->>|->/y;
const LONG_SYMBOL_STARTS = ':<!>|&-';
const OTHER_BLANK = /[\s\0]/;
const DOLLAR = 0x24;
const DOT = 0x2e;
const LAST_ASCII = 0x7f;
/** What a comment may start with. */
const COMMENT_STARTS = '#-/';

/**
 * Splits one SQL text into tokens as the server will. Refused are executable comments, which MySQL runs and others
 * skip, dollar quotes, which only new servers know, and characters that are no blanks but look so.
 *
 * @throws {TokenizeError} also when a string, name or comment does not end.
 */
export function tokenize(sql: string, dialect: Dialect): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const skipped = skipBlank(sql, at, dialect);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const token = readToken(sql, at, dialect);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function skipBlank(sql: string, at: number, dialect: Dialect): number {
  const start = endOfBlanks(sql, at);
  const character = sql.charAt(start);
  if (COMMENT_STARTS.includes(character)) {
    if (isLineComment(sql, start, dialect)) return endOfLineComment(sql, start, dialect);
    return sql.startsWith('/*', start) ? endOfComment(sql, start, dialect) : start;
  }
  if (OTHER_BLANK.test(character))
    throw new TokenizeError('The statement has a character that only looks blank');
  return start;
}

/** To DuckDB a carriage return ends the comment too: what follows would be hidden. */
function endOfLineComment(sql: string, at: number, dialect: Dialect): number {
  const lineEnd = sql.indexOf('\n', at);
  const end = lineEnd < 0 ? sql.length : lineEnd + 1;
  if (dialect === 'duckdb' && /\r[^\n]/.test(sql.slice(at, end))) {
    throw new TokenizeError('A comment has a line end in it');
  }
  return end;
}

/** MySQL runs `/*!`, MariaDB `/*M!` too, and TiDB `/*T!`. */
const EXECUTABLE = /^[a-zA-Z]?!/;

/** To DuckDB a comment inside a comment has an end of its own. */
function endOfComment(sql: string, at: number, dialect: Dialect): number {
  if (EXECUTABLE.test(sql.slice(at + 2, at + 4))) {
    throw new TokenizeError('Executable comments (/*! ... */) are refused');
  }
  const end = sql.indexOf('*/', at + 2);
  if (end < 0) throw new TokenizeError('A comment does not end');
  if (dialect === 'duckdb' && sql.slice(at + 2, end).includes('/*')) {
    throw new TokenizeError('A comment inside a comment is refused');
  }
  return end + 2;
}

/** MySQL takes `--` for a comment only before a blank: `5--1` is 6. The others always do, and know no `#`. */
function isLineComment(sql: string, at: number, dialect: Dialect): boolean {
  if (sql.charAt(at) === '#') return dialect === 'mysql';
  if (!sql.startsWith('--', at)) return false;
  return dialect !== 'mysql' || at + 2 >= sql.length || sql.charAt(at + 2) <= ' ';
}

function readToken(sql: string, start: number, dialect: Dialect): Token {
  const code = sql.charCodeAt(start);
  if (isLetter(code)) return readWord(sql, start, dialect);
  const [kind, end] = measureToken(sql, start, dialect);
  const text = sql.slice(start, end);
  const value = kind === 'name' ? withoutQuotes(text) : kind === 'word' ? text.toUpperCase() : text;
  return { kind, value, text, start, end };
}

function readWord(sql: string, start: number, dialect: Dialect): Token {
  const end = endOfWord(sql, start);
  const text = sql.slice(start, end);
  const value = text.toUpperCase();
  if (dialect === 'duckdb' && value === 'E' && sql.charAt(end) === "'") {
    throw new TokenizeError("Strings with escapes (E'...') are refused");
  }
  return { kind: 'word', value, text, start, end };
}

function withoutQuotes(name: string): string {
  const quote = name.charAt(0);
  const inner = name.slice(1, -1);
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote);
}

function measureToken(
  sql: string,
  start: number,
  dialect: Dialect,
): readonly [kind: Token['kind'], end: number] {
  switch (sql.charAt(start)) {
    case '$':
      throw new TokenizeError('Names and strings that start with $ are refused');
    case "'":
      return ['string', endOfQuoted(sql, start, dialect === 'mysql' ? skipEscaped : skipPlain)];
    case '"':
      if (dialect === 'mysql') return ['string', endOfQuoted(sql, start, skipEscaped)];
      return ['name', endOfQuoted(sql, start, skipPlain)];
    case '`':
      return ['name', endOfQuoted(sql, start, skipPlain)];
    case '[':
      if (dialect === 'sqlite') return ['name', endOfBracketed(sql, start)];
      return ['symbol', start + 1];
    default:
      return measurePlain(sql, start);
  }
}

function measurePlain(sql: string, start: number): readonly [kind: Token['kind'], end: number] {
  const code = sql.charCodeAt(start);
  if (isDigit(code) || code === DOT) {
    const numberEnd = endOfMatch(NUMBER, sql, start);
    if (numberEnd !== undefined) return ['number', numberEnd];
  }
  if (code > LAST_ASCII) return ['word', endOfMatch(OTHER_WORD, sql, start) ?? start + 1];
  if (!LONG_SYMBOL_STARTS.includes(sql.charAt(start))) return ['symbol', start + 1];
  return ['symbol', endOfMatch(LONG_SYMBOL, sql, start) ?? start + 1];
}

function endOfWord(sql: string, start: number): number {
  let at = start + 1;
  for (let code = sql.charCodeAt(at); isLetter(code) || isDigit(code) || code === DOLLAR;) {
    at += 1;
    code = sql.charCodeAt(at);
  }
  return at;
}

/** Space, and from tab to carriage return. */
function endOfBlanks(sql: string, start: number): number {
  let at = start;
  for (let code = sql.charCodeAt(at); code === 0x20 || (code >= 0x09 && code <= 0x0d);) {
    at += 1;
    code = sql.charCodeAt(at);
  }
  return at;
}

/** `A-Z`, `a-z` and `_`. */
function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || code === 0x5f;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function endOfBracketed(sql: string, start: number): number {
  const close = sql.indexOf(']', start);
  if (close < 0) throw new TokenizeError('A quoted name does not end');
  return close + 1;
}

/** Where the match of a sticky pattern at `at` ends; undefined without one. Asks for no match, which is an object. */
function endOfMatch(pattern: RegExp, sql: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(sql) ? pattern.lastIndex : undefined;
}

const skipPlain: Scan = (_sql, at) => at + 1;
const skipEscaped: Scan = (sql, at) => (sql.charAt(at) === '\\' ? at + 2 : at + 1);

/** Position behind the closing quote; a doubled quote stands for itself. */
function endOfQuoted(sql: string, start: number, skip: Scan): number {
  const quote = sql.charAt(start);
  let at = start + 1;
  while (at < sql.length) {
    if (sql.charAt(at) !== quote) {
      at = skip(sql, at);
      continue;
    }
    if (sql.charAt(at + 1) !== quote) return at + 1;
    at += 2;
  }
  throw new TokenizeError(quote === '`' ? 'A quoted name does not end' : 'A string does not end');
}
