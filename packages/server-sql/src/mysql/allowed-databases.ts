import { ToolError } from '@patchbay/server-kit';
import { tokenize } from '../gate/tokenize.ts';
import type { MySqlSession } from './mysql-session.ts';

/**
 * Lets a statement through that names no database of the server but those that are allowed. A name before a dot may
 * as well be an alias: the server is asked which of them are databases.
 *
 * @throws {ToolError} `NOT_ALLOWED`.
 */
export async function assertAllowedDatabases(
  session: MySqlSession,
  sql: string,
  allowed: readonly string[],
): Promise<void> {
  const isAllowed = new Set(allowed.map((name) => name.toLowerCase()));
  const named = namesOfDatabases(sql).filter((name) => !isAllowed.has(name.toLowerCase()));
  if (named.length === 0) return;
  const rows = await session.readAll('SHOW DATABASES');
  const known = new Set(rows.map(([name]) => String(name).toLowerCase()));
  const other = named.find((name) => known.has(name.toLowerCase()));
  if (other === undefined) return;
  throw new ToolError('NOT_ALLOWED', `The database ${other} is not among those that may be read`, {
    hint: `There are: ${allowed.join(', ')}.`,
  });
}

/** What may be a database: a name before a dot, and in SHOW a name behind FROM or IN. */
function namesOfDatabases(sql: string): readonly string[] {
  const tokens = tokenize(sql, 'mysql');
  const isShow = tokens[0]?.value === 'SHOW';
  return tokens.flatMap(({ kind, value, text }, index) => {
    if (kind !== 'word' && kind !== 'name') return [];
    const before = tokens[index - 1];
    const isBehindFrom = isShow && before?.kind === 'word' && ['FROM', 'IN'].includes(before.value);
    if (tokens[index + 1]?.value !== '.' && !isBehindFrom) return [];
    return [kind === 'word' ? text : value];
  });
}
