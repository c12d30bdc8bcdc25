import { setTimeout as wait } from 'node:timers/promises';
import type { CallOptions, Cell, Column, QueryResult, ResultLimits, Written } from '../database.ts';
import { collectRows } from '../result-rows.ts';
import { stopSignal, untilStopped } from '../stop-signal.ts';
import type { StopSignal } from '../stop-signal.ts';
import type { FailedStep } from './mysql-errors.ts';
import { isLost, toToolError } from './mysql-errors.ts';
import type { MySqlServer } from './mysql-server.ts';
import { readNewKey } from './new-key.ts';
import { readRows } from './read-rows.ts';
import { queryBatches } from './row-batches.ts';
import type { ServerConnection } from './server-connection.ts';
import type { SessionLimits } from './session-set-up.ts';

type Rows = readonly (readonly Cell[])[];

/** The server stops a statement by itself first; this much later, in milliseconds, it is killed from outside. */
const GRACE_MS = 500;
/** Longest time that killing a statement may take before its connection is dropped anyway, in milliseconds. */
const KILL_LIMIT_MS = 1000;
/** A connection that died while it waited says so within this time, in milliseconds; later, its statement has run. */
const DEAD_AT_ONCE_MS = 500;

/** The rows of one statement while they arrive. */
interface ArrivingRows {
  readonly columns: readonly Column[];
  readonly batches: AsyncIterable<Rows>;
}

export type SessionOptions = CallOptions & Pick<SessionLimits, 'maxRows'>;

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
export function openSession(
  server: MySqlServer,
  options: SessionOptions,
): MySqlSession | Promise<MySqlSession> {
  const { timeoutMs, maxRows } = options;
  const limits = { timeoutMs, maxRows };
  const stop = stopSignal({ ...options, graceMs: GRACE_MS });
  const connecting = server.connectReadOnly(limits);
  if (connecting instanceof Promise) return connect(server, connecting, { stop, limits });
  return new MySqlSession(server, connecting, { stop, limits });
}

/** Runs one statement that may write, in a session of its own. */
export async function executeOnce(server: MySqlServer, sql: string, options: CallOptions): Promise<Written> {
  const limits = { timeoutMs: options.timeoutMs, maxRows: 'any' } as const;
  const stop = stopSignal({ ...options, graceMs: GRACE_MS });
  const session = await connect(server, server.connectForWriting(), { stop, limits });
  try {
    return await session.execute(sql);
  } finally {
    await session[Symbol.asyncDispose]();
  }
}

interface Bounds {
  readonly stop: StopSignal;
  readonly limits: SessionLimits;
}

async function connect(
  server: MySqlServer,
  connecting: Promise<ServerConnection>,
  bounds: Bounds,
): Promise<MySqlSession> {
  const { stop, limits } = bounds;
  try {
    return new MySqlSession(server, await take(server, connecting, stop), bounds);
  } catch (error) {
    stop[Symbol.dispose]();
    const { timeoutMs } = limits;
    throw toToolError(error, { login: server.login, timeoutMs, step: 'connecting' });
  }
}

/** Stopped while connecting, what still arrives has no owner. */
async function take(
  server: MySqlServer,
  connecting: Promise<ServerConnection>,
  stop: StopSignal,
): Promise<ServerConnection> {
  try {
    return await untilStopped(connecting, stop);
  } catch (error) {
    connecting.then(
      (connection) => server.drop(connection),
      () => undefined,
    );
    throw error;
  }
}

/**
 * One call's hold on a connection. The connection is given back clean; one whose statement was stopped, or whose
 * rows were not read to the end, is dropped instead.
 */
export class MySqlSession implements AsyncDisposable {
  readonly #server: MySqlServer;
  readonly #stop: StopSignal;
  readonly #limits: SessionLimits;
  #connection: ServerConnection;
  #isBusy = false;

  constructor(server: MySqlServer, connection: ServerConnection, { stop, limits }: Bounds) {
    this.#server = server;
    this.#connection = connection;
    this.#stop = stop;
    this.#limits = limits;
  }

  /** Starts one statement; its rows are read as they are asked for. */
  run(sql: string): Promise<ArrivingRows> {
    return this.#onLivingConnection(async () => {
      const { columns, batches, fail } = queryBatches(this.#connection, sql);
      this.#stop.onStop(fail);
      return { columns: await columns, batches: this.#readBatches(batches) };
    });
  }

  /** All rows of one statement. */
  async readAll(sql: string): Promise<Rows> {
    const { batches } = await this.run(sql);
    return (await Array.fromAsync(batches)).flat();
  }

  /** The rows of one statement that fit into one answer. */
  collect(sql: string, limits: ResultLimits): Promise<QueryResult> {
    return this.#onLivingConnection(
      () =>
        new Promise((resolve, reject) => {
          const collected = collectRows(limits);
          let columns: readonly Column[] = [];
          const fail = readRows(this.#connection, sql, {
            onColumns: (arrived) => (columns = arrived),
            onRow(row) {
              if (!collected.add(row)) resolve(collected.finish(columns));
            },
            onEnd: (error) => {
              if (error) return reject(error);
              this.#isBusy = false;
              resolve(collected.finish(columns));
            },
          });
          this.#stop.onStop(fail);
        }),
    );
  }

  /** Runs one statement that returns no rows. */
  async execute(sql: string): Promise<Written> {
    this.#isBusy = true;
    try {
      const { driver } = this.#connection;
      const [result] = await untilStopped(driver.promise().query(sql), this.#stop);
      const { affectedRows, insertId } = Array.isArray(result) ? { affectedRows: 0, insertId: 0 } : result;
      const newKey = await untilStopped(readNewKey(this.#connection, insertId), this.#stop);
      this.#isBusy = false;
      return { affectedRows, insertId: newKey };
    } catch (error) {
      throw this.#explain(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const wasStopped = this.#stop.reason !== undefined;
    this.#stop[Symbol.dispose]();
    if (wasStopped) await this.#kill();
    if (wasStopped || this.#isBusy) this.#server.drop(this.#connection);
    else this.#server.release(this.#connection, this.#limits);
  }

  /**
   * Starts a statement that reads. One that finds its connection dead has not run, and goes on another; there are no
   * more of those than may be open, and a new one that fails is not replaced.
   */
  async #onLivingConnection<Result>(start: () => Promise<Result>): Promise<Result> {
    for (;;) {
      this.#isBusy = true;
      const startedAt = performance.now();
      try {
        const result = await start();
        this.#connection.hasWaited = false;
        return result;
      } catch (error) {
        const lostAfterMs = performance.now() - startedAt;
        const { hasWaited } = this.#connection;
        const wasDead = hasWaited && isLost(error) && lostAfterMs < DEAD_AT_ONCE_MS;
        if (!wasDead || this.#stop.reason) throw this.#explain(error);
        await this.#replaceConnection();
      }
    }
  }

  async #replaceConnection(): Promise<void> {
    this.#server.drop(this.#connection);
    try {
      const connecting = Promise.resolve(this.#server.connectReadOnly(this.#limits));
      this.#connection = await take(this.#server, connecting, this.#stop);
    } catch (error) {
      throw this.#explain(error, 'connecting');
    }
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
  #explain(error: unknown, step: FailedStep = 'statement'): Error {
    if (this.#stop.reason) return this.#stop.reason;
    this.#isBusy = step === 'connecting' || isLost(error);
    const { login } = this.#server;
    return toToolError(error, { login, timeoutMs: this.#limits.timeoutMs, step });
  }

  /** When this fails too, the server notices the lost connection, or its own time limit. */
  async #kill(): Promise<void> {
    await Promise.race([
      this.#server.killQuery(this.#connection).catch(() => undefined),
      wait(KILL_LIMIT_MS, undefined, { ref: false }),
    ]);
  }
}
