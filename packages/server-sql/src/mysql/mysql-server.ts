import { setImmediate as nextTurn } from 'node:timers/promises';
import { ToolError } from '@patchbay/server-kit';
import type { Pool, PoolConnection } from 'mysql2';
import { createPool } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { grantsWarning } from './grants.ts';
import type { MySqlLogin } from './login.ts';
import { connectionOptions } from './login.ts';
import { isConnectionError, isNotSupported, isUnknownVariable } from './mysql-errors.ts';
import type { ServerFacts } from './server-facts.ts';
import { readFacts } from './server-facts.ts';
import type { SessionLimits } from './session-set-up.ts';
import { limitsSql, READ_ONLY_SET_UP, readingSql, WRITING_SET_UP } from './session-set-up.ts';

/** Connections that are open at the same time; further calls wait. */
const MAX_CONNECTIONS = 4;
/** A connection that has waited for this long, in milliseconds, is closed: no transaction gets older in waiting. */
const MAX_WAIT_MS = 5 * 60_000;

export interface MySqlServerOptions {
  /** Told once, after the first connection, when the account may write although only reading is wanted. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** Whether the account writes on purpose. */
  readonly allowWrite?: boolean;
}

type SetUp = 'done' | 'not needed';

/** A connection for one call. */
export interface OpenConnection {
  readonly connection: PoolConnection;
  /** Whether it was opened for an earlier call, and nothing was asked of it since. */
  readonly hasWaited: boolean;
}

/**
 * The connections to one server. Nothing connects before the first call, and connections that broke are replaced,
 * so a server may be away at any time. A connection is cleaned and made ready behind the answer, not before the next
 * call, which so waits for its own statement alone.
 */
export class MySqlServer implements AsyncDisposable {
  readonly login: MySqlLogin;
  readonly #pool: Pool;
  readonly #options: MySqlServerOptions;
  /** Those that wait in a read-only transaction for their next statement, with the limits that are set there. */
  readonly #waiting = new WeakMap<PoolConnection, SessionLimits>();
  readonly #cleaning = new Set<Promise<void>>();
  /** What connections are made ready for: the limits of the last call that had one on rows, which most calls have. */
  #usualLimits: SessionLimits | undefined;
  #facts: ServerFacts | undefined;

  constructor(login: MySqlLogin, options: MySqlServerOptions = {}) {
    this.login = login;
    this.#options = options;
    this.#pool = createPool({
      ...connectionOptions(login),
      connectionLimit: MAX_CONNECTIONS,
      // The driver looks for what waited too long only where fewer may wait than be open.
      maxIdle: MAX_CONNECTIONS - 1,
      idleTimeout: MAX_WAIT_MS,
      gracefulEnd: true,
    });
  }

  /** What the last connection told; undefined before the first. */
  get facts(): ServerFacts | undefined {
    return this.#facts;
  }

  /** A connection that is in a read-only transaction, with the server's own limits set. */
  connectReadOnly(limits: SessionLimits): Promise<OpenConnection> {
    if (limits.maxRows !== undefined) this.#usualLimits = limits;
    return this.#connect(async (connection) => {
      const set = this.#waiting.get(connection);
      this.#waiting.delete(connection);
      if (set?.timeoutMs === limits.timeoutMs && set.maxRows === limits.maxRows) return 'not needed';
      if (set) await this.#setLimits(connection, (facts) => limitsSql(limits, facts));
      else await this.#makeReady(connection, limits);
      return 'done';
    });
  }

  /** A connection whose every statement is a transaction of its own. */
  connectForWriting(): Promise<OpenConnection> {
    return this.#connect(async (connection) => {
      if (this.#waiting.delete(connection)) await reset(connection);
      this.#facts ??= await this.#readFacts(connection);
      for (const sql of WRITING_SET_UP) await run(connection, sql);
      return 'done';
    });
  }

  /** Takes a connection back, whose statement has ended. It is cleaned behind the answer that was read from it. */
  release(connection: PoolConnection, limits: SessionLimits): void {
    setImmediate(() => {
      const cleaning = this.#clean(connection, this.#usualLimits ?? limits).catch(() => connection.destroy());
      this.#cleaning.add(cleaning);
      void cleaning.then(() => this.#cleaning.delete(cleaning));
    });
  }

  /** Ends what runs on `connection`, from another one: only this stops a statement at once. */
  async killQuery(connection: PoolConnection): Promise<void> {
    const killer = await createConnection(connectionOptions(this.login));
    try {
      await killer.query(`KILL QUERY ${connection.threadId}`);
    } finally {
      killer.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What was released just now begins to be cleaned before this goes on.
    await nextTurn();
    await Promise.all(this.#cleaning);
    await this.#pool.promise().end();
  }

  async #acquire(): Promise<PoolConnection> {
    const { promise, resolve, reject } = Promise.withResolvers<PoolConnection>();
    this.#pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
    return promise;
  }

  async #connect(setUp: (connection: PoolConnection) => Promise<SetUp>): Promise<OpenConnection> {
    for (let attempt = 0; ; attempt += 1) {
      const connection = await this.#acquire();
      try {
        return { connection, hasWaited: (await setUp(connection)) === 'not needed' };
      } catch (error) {
        connection.destroy();
        // Pooled connections may have died unnoticed, each of them. Nothing has run on it, so another may be tried.
        if (attempt === MAX_CONNECTIONS || !isConnectionError(error)) throw error;
      }
    }
  }

  async #clean(connection: PoolConnection, limits: SessionLimits): Promise<void> {
    // It rolls back as well, and drops what a statement may have left in the session.
    await reset(connection);
    await this.#makeReady(connection, limits);
    this.#waiting.set(connection, limits);
    connection.release();
  }

  async #makeReady(connection: PoolConnection, limits: SessionLimits): Promise<void> {
    const facts = await this.#setLimits(connection, (known) => readingSql(limits, known));
    if (facts.hasReadOnly && (await this.#startReadOnly(connection))) return;
    this.#facts = { ...facts, hasReadOnly: false };
    this.#refuseWriter(facts);
  }

  async #setLimits(connection: PoolConnection, sqlFor: (facts: ServerFacts) => string): Promise<ServerFacts> {
    const facts = (this.#facts ??= await this.#readFacts(connection));
    try {
      await run(connection, sqlFor(facts));
      return facts;
    } catch (error) {
      if (!isUnknownVariable(error) || !facts.timeLimit) throw error;
      // An older server or a proxy: killing from a second connection is what remains.
      this.#facts = { ...facts, timeLimit: undefined };
      return this.#setLimits(connection, sqlFor);
    }
  }

  /** False for a server that knows no such sessions. */
  async #startReadOnly(connection: PoolConnection): Promise<boolean> {
    try {
      for (const sql of READ_ONLY_SET_UP) await run(connection, sql);
      return true;
    } catch (error) {
      if (isNotSupported(error)) return false;
      throw error;
    }
  }

  async #readFacts(connection: PoolConnection): Promise<ServerFacts> {
    const facts = await readFacts(connection.promise());
    if (facts.privileges.length > 0) {
      this.#options.onWarning?.(grantsWarning(this.login.user, facts.privileges));
    }
    return facts;
  }

  /** Two barriers are the least: where the session cannot be one, the account has to be. */
  #refuseWriter({ name, privileges }: ServerFacts): void {
    if (this.#options.allowWrite === true || privileges.length === 0) return;
    throw new ToolError(
      'CONNECTION',
      `${name} has no sessions that only read, and the account ${this.login.user} may write`,
      { hint: 'Give this server an account that may only SELECT.' },
    );
  }
}

/** Runs one statement of this server's own. The driver's promises make an error ahead of each, in case it fails. */
function run(connection: PoolConnection, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.query(sql, (error) => (error ? reject(error) : resolve()));
  });
}

function reset(connection: PoolConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.reset((error) => (error ? reject(error) : resolve()));
  });
}
