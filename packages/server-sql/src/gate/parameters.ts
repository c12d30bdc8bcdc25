import { ToolError } from '@patchbay/server-kit';
import type { Cell } from '../database.ts';
import type { Dialect, Token } from './tokenize.ts';
import { tokenize, TokenizeError } from './tokenize.ts';

/** How an engine reads statements, and how a text is written in one. */
export interface Notation {
  readonly dialect: Dialect;
  readonly quote: (text: string) => string;
}

/**
 * Puts `params` as literals in the places of the `?` that stand outside strings, names and comments. The gate reads
 * what comes out, so nothing that it has not seen is run.
 *
 * @throws {ToolError} `INVALID_INPUT` when there are not as many of one as of the other, or for a whole number that JSON may
 * have changed on its way: it would name another row.
 */
export function bindParameters(sql: string, params: readonly Cell[] | undefined, notation: Notation): string {
  if (!params && !sql.includes('?')) return sql;
  const places = placesIn(sql, notation.dialect);
  if (!places) return sql;
  const values = params ?? [];
  if (places.length !== values.length) {
    throw new ToolError(
      'INVALID_INPUT',
      `The statement has ${places.length} "?" and ${values.length} params`,
      {
        hint: 'Give one value for each ? outside quotes; a ? that is meant as text stands in quotes.',
      },
    );
  }
  return places.reduceRight(
    (text, place, index) => replaceAt(text, place, literal(values[index], notation)),
    sql,
  );
}

/** Undefined for a text that cannot be read: the gate, which comes next, says why. */
function placesIn(sql: string, dialect: Dialect): readonly Token[] | undefined {
  try {
    return tokenize(sql, dialect).filter(({ kind, value }) => kind === 'symbol' && value === '?');
  } catch (error) {
    if (error instanceof TokenizeError) return undefined;
    throw error;
  }
}

function replaceAt(text: string, { start, end }: Token, value: string): string {
  return `${text.slice(0, start)} ${value} ${text.slice(end)}`;
}

function literal(value: Cell | undefined, { quote }: Notation): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new ToolError(
      'INVALID_INPUT',
      `${value} among the params is too long for a JSON number and may have lost digits`,
      {
        hint: 'Send it as a string, for example "12345678901234567890".',
      },
    );
  }
  // Behind another minus, a negative number would begin a comment.
  if (typeof value === 'number') return value < 0 ? `(${value})` : String(value);
  if (value.includes('\0'))
    throw new ToolError('INVALID_INPUT', 'A text among the params has a NUL character');
  return quote(value);
}
