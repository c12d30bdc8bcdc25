import { ToolError } from '@patchbay/server-kit';
import type { Dialect, Token } from './tokenize.ts';
import { tokenize, TokenizeError } from './tokenize.ts';

/** Longest statement that is read, in characters. */
export const MAX_STATEMENT_CHARS = 100_000;

/** Makes the error that a gate refuses with. */
export type Refuse = (message: string, options?: { cause?: unknown }) => ToolError;

/**
 * Functions that read files, wait, lock, or change what other connections see. A read-only transaction stops none
 * of them. Source: the function references of MySQL 9, MariaDB 11 and SQLite 3, and common loadable functions.
 */
const REFUSED_FUNCTIONS = new Set(
  `LOAD_FILE SLEEP BENCHMARK GET_LOCK RELEASE_LOCK RELEASE_ALL_LOCKS IS_FREE_LOCK IS_USED_LOCK
  MASTER_POS_WAIT MASTER_GTID_WAIT SOURCE_POS_WAIT WAIT_FOR_EXECUTED_GTID_SET WAIT_UNTIL_SQL_THREAD_AFTER_GTIDS
  SERVICE_GET_READ_LOCKS SERVICE_GET_WRITE_LOCKS SERVICE_RELEASE_LOCKS NEXTVAL SETVAL
  SYS_EXEC SYS_EVAL SYS_GET SYS_SET LOAD_EXTENSION READFILE WRITEFILE EDIT FTS3_TOKENIZER`.split(/\s+/),
);
const REFUSED_FUNCTION_FAMILIES =
  /^(?:GROUP_REPLICATION_|KEYRING_|AUDIT_|ASYNCHRONOUS_CONNECTION_|MYSQL_FIREWALL_)/;

/**
 * The tokens of the one statement in `sql`. A trailing semicolon ends it and starts none.
 *
 * @throws {ToolError} `MULTIPLE_STATEMENTS`, `SQL_ERROR` when there is none, and what `refuse` makes of a text that
 * cannot be read.
 */
export function readStatement(sql: string, dialect: Dialect, refuse: Refuse): readonly Token[] {
  if (sql.length > MAX_STATEMENT_CHARS) {
    throw new ToolError('SQL_ERROR', `The statement is longer than ${MAX_STATEMENT_CHARS} characters`);
  }
  const tokens = readTokens(sql, dialect, refuse);
  if (tokens.length === 0) throw new ToolError('SQL_ERROR', 'There is no statement');
  if (hasSemicolon(tokens)) {
    throw new ToolError('MULTIPLE_STATEMENTS', 'One call runs one statement', {
      hint: 'Send the statements in calls of their own.',
    });
  }
  return tokens;
}

/** MySQL takes a native function's name in backquotes too. */
export function refuseFunctions(tokens: readonly Token[], refuse: Refuse): void {
  let before: Token | undefined;
  for (const token of tokens) {
    if (before && isSymbol(token, '(') && (before.kind === 'word' || before.kind === 'name')) {
      const name = before.value.toUpperCase();
      if (REFUSED_FUNCTIONS.has(name) || REFUSED_FUNCTION_FAMILIES.test(name)) {
        throw refuse(`The function ${name} is refused`);
      }
    }
    before = token;
  }
}

export function isSymbol(token: Token, value: string): boolean {
  return token.kind === 'symbol' && token.value === value;
}

export function isWord(token: Token, value: string): boolean {
  return token.kind === 'word' && token.value === value;
}

export function wordAt(tokens: readonly Token[], index: number): string {
  const token = tokens[index];
  return token?.kind === 'word' ? token.value : '';
}

function hasSemicolon(tokens: readonly Token[]): boolean {
  for (const token of tokens) if (isSymbol(token, ';')) return true;
  return false;
}

function readTokens(sql: string, dialect: Dialect, refuse: Refuse): readonly Token[] {
  try {
    const tokens = tokenize(sql, dialect);
    if (tokens.at(-1)?.value !== ';') return tokens;
    const last = tokens.findLastIndex((token) => !isSymbol(token, ';'));
    return tokens.slice(0, last + 1);
  } catch (error) {
    if (error instanceof TokenizeError) throw refuse(error.message, { cause: error });
    throw error;
  }
}
