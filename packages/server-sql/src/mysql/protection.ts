import { ToolError } from '@patchbay/server-kit';
import type { MySqlLogin } from './login.ts';
import { isLost, isNotKnown, isReadOnlyRefusal } from './mysql-errors.ts';
import type { ServerConnection } from './server-connection.ts';
import { run } from './server-connection.ts';
import type { ServerFacts } from './server-facts.ts';

/**
 * The session is read-only because a read-only transaction alone is ended by DROP, GRANT and the like, which then
 * succeed.
 */
const READ_ONLY_SESSION = 'SET SESSION TRANSACTION READ ONLY';
const READ_ONLY_TRANSACTION = 'START TRANSACTION READ ONLY';

/**
 * A session that only reads refuses it. Where none does, nothing happens: every server has this database. TiDB with
 * `tidb_enable_noop_functions`, and Vitess, take both statements above and write all the same. Source: TiDB's manual
 * on START TRANSACTION; github.com/vitessio/vitess/issues/4127.
 */
const READ_ONLY_PROOF = 'CREATE DATABASE IF NOT EXISTS information_schema';

/** A keyspace's replicas refuse whatever writes. Source: Vitess's error VT09002. */
const VITESS_REPLICA = /@(?:replica|rdonly)$/i;

/** Keeps sessions on one server from writing, with what the server has for it. */
export class Protection {
  readonly #login: MySqlLogin;
  readonly #allowWrite: boolean;
  /** Whether its sessions can be made to read only; undefined until one was asked to prove it. */
  #hasReadOnly: boolean | undefined;

  /** Where writing is allowed, the account may do so. */
  constructor(login: MySqlLogin, { allowWrite = false }: { readonly allowWrite?: boolean }) {
    this.#login = login;
    this.#allowWrite = allowWrite;
  }

  /**
   * Begins a read-only transaction in a session that only reads. Two barriers are the least, of which the gate is one:
   * where the session cannot be the other, the account has to be, or the target.
   *
   * @throws {ToolError} `CONNECTION` when nothing but the gate would keep the account from writing.
   */
  async begin(connection: ServerConnection, facts: ServerFacts): Promise<void> {
    if (await this.#startReadOnly(connection)) return;
    const { user, database = '' } = this.#login;
    const { name, account } = facts;
    const isReplica = name === 'Vitess' && VITESS_REPLICA.test(database);
    if (this.#allowWrite || isReplica || (account.isKnown && account.writes.length === 0)) return;
    const may = account.writes.length > 0 ? 'may write' : 'has rights that the server does not tell';
    const message = `${name} has no sessions that only read, and the account ${user} ${may}`;
    const replica = name === 'Vitess' ? ', or name its replicas as the database (keyspace@replica)' : '';
    throw new ToolError('CONNECTION', message, {
      hint: `Give this server an account that may only SELECT${replica}.`,
    });
  }

  /** False for a server that knows no such sessions, or that takes the words and writes all the same. */
  async #startReadOnly(connection: ServerConnection): Promise<boolean> {
    if (this.#hasReadOnly === false) return false;
    try {
      await run(connection, READ_ONLY_SESSION);
      this.#hasReadOnly ??= await provesReadOnly(connection);
      // Elsewhere a transaction would only make what it reads grow old: TiDB's sees its own beginning.
      if (this.#hasReadOnly) await run(connection, READ_ONLY_TRANSACTION);
    } catch (error) {
      if (!isNotKnown(error)) throw error;
      this.#hasReadOnly = false;
    }
    return this.#hasReadOnly;
  }
}

async function provesReadOnly(connection: ServerConnection): Promise<boolean> {
  try {
    await run(connection, READ_ONLY_PROOF);
    return false;
  } catch (error) {
    if (isLost(error)) throw error;
    return isReadOnlyRefusal(error);
  }
}
