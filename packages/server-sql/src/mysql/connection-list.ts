import type { ConnectionOptions } from 'mysql2';
import type { ServerConnection } from './server-connection.ts';
import { openConnection } from './server-connection.ts';

export interface ConnectionListOptions {
  readonly connection: ConnectionOptions;
  /** Connections that are open at the same time; further callers wait. */
  readonly maxOpen: number;
  /** One that nobody has had for this long, in milliseconds, is closed. */
  readonly maxIdleMs: number;
}

/**
 * The connections to one server. Like the driver's pool, but it hands one that is there out at once, without a turn of
 * the event loop, and knows of each what is set up in it.
 */
export class ConnectionList implements AsyncDisposable {
  readonly #options: ConnectionListOptions;
  readonly #open = new Set<ServerConnection>();
  /** Those that nobody has. The one at the end was given back last. */
  readonly #idle: ServerConnection[] = [];
  readonly #callers: PromiseWithResolvers<ServerConnection>[] = [];
  readonly #connecting = new Set<ServerConnection>();
  #idleTimer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: ConnectionListOptions) {
    this.#options = options;
  }

  /** One that is there, at once; undefined when there is none. */
  takeIdle(): ServerConnection | undefined {
    return this.#idle.pop();
  }

  /** One that is there, else a new one, else the next that is given back. */
  async take(): Promise<ServerConnection> {
    if (this.#isClosed) throw new Error('The connections to the server are closed');
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#open.size < this.#options.maxOpen) return this.#connect();
    const caller = Promise.withResolvers<ServerConnection>();
    this.#callers.push(caller);
    return caller.promise;
  }

  /** Takes a connection back that is ready for the next caller. */
  give(connection: ServerConnection): void {
    if (!this.#open.has(connection)) return;
    const caller = this.#callers.shift();
    if (caller) return caller.resolve(connection);
    connection.idleSince = performance.now();
    this.#idle.push(connection);
    this.#idleTimer ??= setTimeout(this.#closeIdle, this.#options.maxIdleMs).unref();
  }

  /** Closes a connection that is of no more use. */
  drop(connection: ServerConnection): void {
    connection.driver.destroy();
    this.#lose(connection);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idleTimer);
    for (const caller of this.#callers.splice(0)) caller.reject(new Error('The server was closed'));
    // One that is not there yet cannot be ended in order, and may never be there.
    for (const connection of this.#connecting) this.drop(connection);
    await Promise.all([...this.#open].map((connection) => this.#end(connection)));
  }

  async #connect(): Promise<ServerConnection> {
    const { connection, opened } = openConnection(this.#options.connection, (ended) => this.#lose(ended));
    this.#open.add(connection);
    this.#connecting.add(connection);
    try {
      await opened;
      return connection;
    } catch (error) {
      this.drop(connection);
      throw error;
    } finally {
      this.#connecting.delete(connection);
    }
  }

  readonly #closeIdle = (): void => {
    const { maxIdleMs } = this.#options;
    const now = performance.now();
    while (this.#idle[0] && this.#idle[0].idleSince + maxIdleMs <= now) void this.#end(this.#idle[0]);
    const [next] = this.#idle;
    this.#idleTimer = next
      ? setTimeout(this.#closeIdle, next.idleSince + maxIdleMs - now + 1).unref()
      : undefined;
  };

  /** Nothing is done to it: the driver has yet to tell those who wait for its statements. */
  #lose(connection: ServerConnection): void {
    if (!this.#forget(connection)) return;
    const caller = this.#callers.shift();
    if (caller) this.take().then(caller.resolve, caller.reject);
  }

  /** As the protocol has it, so that the server does not log a lost connection. */
  #end(connection: ServerConnection): Promise<void> {
    this.#forget(connection);
    return new Promise((resolve) => connection.driver.end(() => resolve()));
  }

  #forget(connection: ServerConnection): boolean {
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
    return this.#open.delete(connection);
  }
}
