/** Privileges with which an account can change data, tables, accounts or files. Source: the manuals of both servers. */
const WRITING =
  /^(?:ALL PRIVILEGES|INSERT|UPDATE|DELETE|DELETE HISTORY|CREATE|CREATE (?!TEMPORARY)[A-Z ]+|DROP|DROP ROLE|ALTER|ALTER ROUTINE|INDEX|TRIGGER|EVENT|FILE|SUPER|SHUTDOWN|RELOAD)$/;

/** What an account may do, as far as the server tells. */
export interface Account {
  /** Its privileges to write, each once; empty for one that only reads. */
  readonly writes: readonly string[];
  /** Whether these are all: not when it has roles, whose privileges are told elsewhere, or when nothing was told. */
  readonly isKnown: boolean;
}

/** Reads the lines of SHOW GRANTS. */
export function readAccount(grants: readonly string[]): Account {
  const privileges = grants.flatMap((grant) => {
    const [, list = ''] = /^GRANT (.*?) ON /.exec(grant) ?? [];
    // Rights for some columns stand in parentheses: UPDATE (a, b).
    return list.replaceAll(/\([^)]*\)/g, '').split(',');
  });
  const writes = [...new Set(privileges.map((privilege) => privilege.trim()))].filter((name) =>
    WRITING.test(name),
  );
  // A role is granted to the account without a word of what it is granted on.
  return { writes, isKnown: grants.length > 0 && grants.every((grant) => /^GRANT .* ON /.test(grant)) };
}

/** What is said once about an account that may do more than this server does with it. */
export function grantsWarning(account: string, privileges: readonly string[]): string {
  const shown = privileges.slice(0, 5).join(', ') + (privileges.length > 5 ? ', …' : '');
  return (
    `the MySQL account ${account} may write (${shown}). This server only reads with it, but an account that may ` +
    'only SELECT does not depend on that.'
  );
}
