import { setTimeout as wait } from 'node:timers/promises';
import type { PoolConnection } from 'mysql2';
import type { CallOptions, Cell, Column, Written } from '../database.ts';
import { abortable, stopSignal } from '../stop-signal.ts';
import type { StopSignal } from '../stop-signal.ts';
import { isConnectionError, toToolError } from './mysql-errors.ts';
import type { MySqlServer } from './mysql-server.ts';
import { queryBatches } from './row-batches.ts';
import type { SessionLimits } from './session-set-up.ts';

type Rows = readonly (readonly Cell[])[];

/** The server stops a statement by itself first; this much later, in milliseconds, it is killed from outside. */
const GRACE_MS = 500;
/** Longest time that killing a statement may take before its connection is dropped anyway, in milliseconds. */
const KILL_LIMIT_MS = 1000;

/** The rows of one statement while they arrive. */
interface ArrivingRows {
  readonly columns: readonly Column[];
  readonly batches: AsyncIterable<Rows>;
}

export interface SessionOptions extends CallOptions {
  /** The server sends no more rows than these unless the statement has a LIMIT of its own. */
  readonly maxRows?: number;
}

/** Runs `work` in a read-only session of its own. */
export async function withSession<Result>(
  server: MySqlServer,
  options: SessionOptions,
  work: (session: MySqlSession) => Promise<Result>,
): Promise<Result> {
  const session = await openSession(server, options);
  try {
    return await work(session);
  } finally {
    await session[Symbol.asyncDispose]();
  }
}

/** Opens a read-only session, which the caller ends. */
export async function openSession(server: MySqlServer, options: SessionOptions): Promise<MySqlSession> {
  const { timeoutMs, maxRows } = options;
  return toSession(server, server.connectReadOnly({ timeoutMs, maxRows }), options);
}

/** Runs one statement that may write, in a session of its own. */
export async function executeOnce(server: MySqlServer, sql: string, options: CallOptions): Promise<Written> {
  const connecting = server.connectForWriting();
  const session = await toSession(server, connecting, options);
  try {
    return await session.execute(sql);
  } finally {
    await session[Symbol.asyncDispose]();
  }
}

async function toSession(
  server: MySqlServer,
  connecting: Promise<PoolConnection>,
  { timeoutMs, maxRows, signal }: SessionOptions,
): Promise<MySqlSession> {
  const stop = stopSignal({ timeoutMs, graceMs: GRACE_MS, signal });
  try {
    return new MySqlSession(server, await abortable(connecting, stop.signal), {
      stop,
      limits: { timeoutMs, maxRows },
    });
  } catch (error) {
    stop[Symbol.dispose]();
    // Stopped while connecting: what still arrives has no owner.
    connecting.then(
      (connection) => connection.destroy(),
      () => undefined,
    );
    throw toToolError(error, server.login, timeoutMs);
  }
}

/**
 * One call's hold on a connection. The connection is given back clean; one whose statement was stopped, or whose
 * rows were not read to the end, is dropped instead.
 */
export class MySqlSession implements AsyncDisposable {
  readonly #server: MySqlServer;
  readonly #connection: PoolConnection;
  readonly #stop: StopSignal;
  readonly #limits: SessionLimits;
  #isBusy = false;

  constructor(
    server: MySqlServer,
    connection: PoolConnection,
    { stop, limits }: { stop: StopSignal; limits: SessionLimits },
  ) {
    this.#server = server;
    this.#connection = connection;
    this.#stop = stop;
    this.#limits = limits;
  }

  /** Starts one statement; its rows are read as they are asked for. */
  async run(sql: string): Promise<ArrivingRows> {
    this.#isBusy = true;
    const { columns, batches, fail } = queryBatches(this.#connection, sql);
    this.#stop.signal.addEventListener('abort', () => fail(this.#stop.error()), { once: true });
    try {
      return { columns: await columns, batches: this.#readBatches(batches) };
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** All rows of one statement. */
  async readAll(sql: string): Promise<Rows> {
    const { batches } = await this.run(sql);
    return (await Array.fromAsync(batches)).flat();
  }

  /** Runs one statement that returns no rows. */
  async execute(sql: string): Promise<Written> {
    this.#isBusy = true;
    try {
      const [result] = await abortable(this.#connection.promise().query(sql), this.#stop.signal);
      this.#isBusy = false;
      if (Array.isArray(result)) return { affectedRows: 0, insertId: null };
      const { affectedRows, insertId } = result;
      return { affectedRows, insertId: insertId === 0 ? null : insertId };
    } catch (error) {
      throw this.#explain(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const wasStopped = this.#stop.signal.aborted;
    this.#stop[Symbol.dispose]();
    if (wasStopped) await this.#kill();
    if (wasStopped || this.#isBusy) return this.#connection.destroy();
    this.#server.release(this.#connection, this.#limits);
  }

  async *#readBatches(batches: AsyncIterable<Rows>): AsyncGenerator<Rows> {
    try {
      yield* batches;
      this.#isBusy = false;
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** A statement that the server refused leaves the connection as it was. */
  #explain(error: unknown): Error {
    if (this.#stop.signal.aborted) return this.#stop.error();
    this.#isBusy = isConnectionError(error);
    return toToolError(error, this.#server.login, this.#limits.timeoutMs);
  }

  /** When this fails too, the server notices the lost connection, or its own time limit. */
  async #kill(): Promise<void> {
    await Promise.race([
      this.#server.killQuery(this.#connection).catch(() => undefined),
      wait(KILL_LIMIT_MS, undefined, { ref: false }),
    ]);
  }
}
