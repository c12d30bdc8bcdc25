import { setImmediate as nextTurn } from 'node:timers/promises';
import { ConnectionList } from './connection-list.ts';
import { grantsWarning } from './grants.ts';
import type { MySqlLogin } from './login.ts';
import { connectionOptions } from './login.ts';
import { isConnectionError, isNotKnown } from './mysql-errors.ts';
import { Protection } from './protection.ts';
import type { ServerConnection } from './server-connection.ts';
import { fetchRow, openConnection, reset, run } from './server-connection.ts';
import type { ServerFacts } from './server-facts.ts';
import { readFacts } from './server-facts.ts';
import type { SessionLimits } from './session-set-up.ts';
import { limitsSql, readingSql, suits, WRITING_SET_UP } from './session-set-up.ts';

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

/**
 * The connections to one server. Connections that broke are replaced, so a server may be away at any time. A connection
 * is cleaned and made ready behind the answer, not before the next call, which so waits for its own statement alone.
 */
export class MySqlServer implements AsyncDisposable {
  readonly login: MySqlLogin;
  readonly #connections: ConnectionList;
  readonly #options: MySqlServerOptions;
  readonly #protection: Protection;
  readonly #cleaning = new Set<Promise<void>>();
  /** What connections are made ready for: the limits of the last call that had one on rows, which most calls have. */
  #usualLimits: SessionLimits | undefined;
  #opening: Promise<ServerConnection> | undefined;
  #facts: ServerFacts | undefined;

  constructor(login: MySqlLogin, options: MySqlServerOptions = {}) {
    this.login = login;
    this.#options = options;
    this.#protection = new Protection(login, options);
    this.#connections = new ConnectionList({
      connection: connectionOptions(login),
      maxOpen: MAX_CONNECTIONS,
      maxIdleMs: MAX_WAIT_MS,
    });
  }

  /** What the last connection told; undefined before the first. */
  get facts(): ServerFacts | undefined {
    return this.#facts;
  }

  /** Makes a connection ready ahead of the first call. When the server is away, that call says so. */
  warmUp(limits: SessionLimits): void {
    this.#usualLimits = limits;
    const opening = this.#connect(limits);
    this.#opening = opening;
    const settle = (connection?: ServerConnection): void => {
      if (this.#opening !== opening) return;
      this.#opening = undefined;
      if (connection) this.#giveBack(connection);
    };
    opening.then(settle, () => settle());
  }

  /** A connection that is in a read-only transaction with the server's own limits set; at once when one waits. */
  connectReadOnly(limits: SessionLimits): ServerConnection | Promise<ServerConnection> {
    if (typeof limits.maxRows === 'number') this.#usualLimits = limits;
    const waiting = this.#connections.takeIdle();
    if (waiting && suits(waiting.limits, limits)) return waiting;
    return this.#connect(limits, waiting);
  }

  /** A connection whose every statement is a transaction of its own. */
  connectForWriting(): Promise<ServerConnection> {
    return this.#connectAnd(async (connection) => {
      if (connection.limits) await reset(connection);
      connection.limits = undefined;
      this.#facts ??= await this.#readFacts(connection);
      for (const sql of WRITING_SET_UP) await run(connection, sql);
      connection.hasWaited = false;
    });
  }

  /** Takes a connection back, whose statement has ended. It is cleaned behind the answer that was read from it. */
  release(connection: ServerConnection, limits: SessionLimits): void {
    setImmediate(() => {
      const cleaning = this.#clean(connection, this.#usualLimits ?? limits).catch(() =>
        this.drop(connection),
      );
      this.#cleaning.add(cleaning);
      void cleaning.then(() => this.#cleaning.delete(cleaning));
    });
  }

  /** Closes a connection on which something may still run. */
  drop(connection: ServerConnection): void {
    this.#connections.drop(connection);
  }

  /** Ends what runs on `connection`, from another one: only this stops a statement at once. */
  async killQuery({ id, driver }: ServerConnection): Promise<void> {
    const { connection: killer, opened } = openConnection(connectionOptions(this.login), () => undefined);
    try {
      await opened;
      await run(killer, id === undefined ? `KILL QUERY ${driver.threadId}` : `KILL TIDB QUERY ${id}`);
    } finally {
      killer.driver.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What was released just now begins to be cleaned before this goes on.
    await nextTurn();
    await Promise.all(this.#cleaning);
    await this.#connections[Symbol.asyncDispose]();
  }

  #connect(limits: SessionLimits, waiting?: ServerConnection): Promise<ServerConnection> {
    return this.#connectAnd(async (connection) => {
      if (suits(connection.limits, limits)) return;
      if (connection.limits) await this.#setLimits(connection, (facts) => limitsSql(limits, facts));
      else await this.#makeReady(connection, limits);
      connection.limits = limits;
      connection.hasWaited = false;
    }, waiting);
  }

  async #connectAnd(
    setUp: (connection: ServerConnection) => Promise<void>,
    waiting?: ServerConnection,
  ): Promise<ServerConnection> {
    let first = waiting ?? (await this.#takeOpening());
    for (let attempt = 0; ; attempt += 1) {
      const connection = first ?? (await this.#connections.take());
      first = undefined;
      try {
        await setUp(connection);
        return connection;
      } catch (error) {
        this.drop(connection);
        // Those that waited may have died unnoticed, each of them. Nothing has run on it, so another may be tried.
        if (attempt === MAX_CONNECTIONS || !isConnectionError(error)) throw error;
      }
    }
  }

  /** The connection that is being made ready, for whoever comes first. */
  #takeOpening(): Promise<ServerConnection> | undefined {
    const opening = this.#opening;
    this.#opening = undefined;
    return opening;
  }

  async #clean(connection: ServerConnection, limits: SessionLimits): Promise<void> {
    await reset(connection);
    await this.#makeReady(connection, limits);
    connection.limits = limits;
    this.#giveBack(connection);
  }

  #giveBack(connection: ServerConnection): void {
    connection.hasWaited = true;
    this.#connections.give(connection);
  }

  async #makeReady(connection: ServerConnection, limits: SessionLimits): Promise<void> {
    const facts = await this.#setLimits(connection, (known) => readingSql(limits, known));
    if (facts.name === 'TiDB' && connection.id === undefined) connection.id = await askId(connection);
    await this.#protection.begin(connection, facts);
  }

  async #setLimits(
    connection: ServerConnection,
    sqlFor: (facts: ServerFacts) => string,
  ): Promise<ServerFacts> {
    const facts = (this.#facts ??= await this.#readFacts(connection));
    try {
      await run(connection, sqlFor(facts));
      return facts;
    } catch (error) {
      if (!isNotKnown(error) || !facts.timeLimit) throw error;
      // An older server or a proxy: killing from a second connection is what remains.
      this.#facts = { ...facts, timeLimit: undefined };
      return this.#setLimits(connection, sqlFor);
    }
  }

  async #readFacts(connection: ServerConnection): Promise<ServerFacts> {
    const facts = await readFacts(connection);
    const { writes } = facts.account;
    if (!this.#facts && writes.length > 0) this.#options.onWarning?.(grantsWarning(this.login.user, writes));
    return facts;
  }
}

/** TiDB's own number: what it says at the start may be half of it. */
async function askId(connection: ServerConnection): Promise<string> {
  const [id] = await fetchRow(connection, 'SELECT CONNECTION_ID()');
  return String(id);
}
