import { ToolError } from '@patchbay/server-kit/program';
import type { PythonBackend, PythonSession } from './backend.ts';

export interface SessionsOptions {
  readonly maxSessions: number;
  /** A session that is not used for this long is closed. */
  readonly idleMs: number;
}

/** How many lost sessions are remembered, so that their next call can say so. */
const MAX_REMEMBERED = 100;

/** How long after an interpreter was taken the next is started, in milliseconds. */
const SPARE_DELAY_MS = 100;

interface Slot {
  readonly session: Promise<PythonSession>;
  /** Settles when the calls so far are done. */
  turn: Promise<unknown>;
  waiting: number;
  idle: NodeJS.Timeout | undefined;
}

/** What a call learns of its session. */
export interface SessionUse {
  readonly session: PythonSession;
  /** Why earlier variables are gone without the caller having been told; told once. */
  readonly lostBefore: string | undefined;
}

/** The named sessions of a server: each has an interpreter of its own and serves one call at a time. */
export class Sessions implements AsyncDisposable {
  readonly #backend: PythonBackend;
  readonly #options: SessionsOptions;
  readonly #slots = new Map<string, Slot>();
  readonly #losses = new Map<string, string>();
  /** The interpreter that waits for a session, once there shall be one. */
  #spare: Promise<PythonSession> | undefined;
  #hasSpares = false;
  #isClosed = false;

  constructor(backend: PythonBackend, options: SessionsOptions) {
    this.#backend = backend;
    this.#options = options;
  }

  /**
   * Starts an interpreter that the next new session gets, so that it need not wait; `first` is one that is there already.
   * From then on there is always one: whenever it is taken, another is started. One that fails to start, or ends, is
   * replaced when it is asked for.
   */
  keepSpare(first?: PythonSession): void {
    if (this.#isClosed || this.#spare) return;
    this.#hasSpares = true;
    const spare = first === undefined ? this.#backend.openSession() : Promise.resolve(first);
    this.#spare = spare;
    const forget = (): void => void (this.#spare === spare && (this.#spare = undefined));
    spare.then(({ ended }) => ended).then(forget, forget);
  }

  /** Names of the sessions that have an interpreter. */
  get names(): readonly string[] {
    return [...this.#slots.keys()];
  }

  /**
   * Calls `work` when the calls before it in the same session are done; starts the session when there is none.
   *
   * @throws {ToolError} `SESSION_LIMIT` when it would be one too many; what starting a session throws.
   */
  async use<Result>(name: string, work: (use: SessionUse) => Promise<Result>): Promise<Result> {
    const slot = this.#slots.get(name) ?? this.#open(name);
    clearTimeout(slot.idle);
    slot.waiting += 1;
    const result = slot.turn.then(async () => {
      // A call before this one may have lost the interpreter.
      if (this.#slots.get(name) !== slot) return this.use(name, work);
      const session = await slot.session;
      const lostBefore = this.#losses.get(name);
      this.#losses.delete(name);
      return work({ session, lostBefore });
    });
    slot.turn = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      slot.waiting -= 1;
      if (slot.waiting === 0 && this.#slots.get(name) === slot) this.#closeWhenIdle(name, slot);
    }
  }

  /** Ends a session, its running call included. Whether there was one. */
  async reset(name: string): Promise<boolean> {
    this.#losses.delete(name);
    const slot = this.#slots.get(name);
    if (slot === undefined) return false;
    this.#remove(name, slot);
    await closeSlot(slot);
    return true;
  }

  /** Remembers that the variables of a session are gone, for its next call. */
  noteLoss(name: string, reason: string): void {
    const [oldest] = this.#losses.keys();
    if (this.#losses.size >= MAX_REMEMBERED && oldest !== undefined) this.#losses.delete(oldest);
    this.#losses.set(name, reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const slots = [...this.#slots.values()];
    const spare = this.#spare;
    this.#slots.clear();
    this.#spare = undefined;
    await Promise.all([
      ...slots.map(closeSlot),
      spare?.then((session) => session[Symbol.asyncDispose]()).catch(() => undefined),
    ]);
  }

  #open(name: string): Slot {
    if (this.#slots.size >= this.#options.maxSessions) {
      const hint = `Use one of these sessions, or end one with reset_session: ${this.names.join(', ')}`;
      throw new ToolError('SESSION_LIMIT', `All ${this.#options.maxSessions} sessions are in use`, { hint });
    }
    const session = this.#take();
    const slot: Slot = { session, turn: Promise.resolve(), waiting: 0, idle: undefined };
    this.#slots.set(name, slot);
    void this.#watch(name, slot);
    return slot;
  }

  #take(): Promise<PythonSession> {
    const spare = this.#spare;
    if (!this.#hasSpares) return this.#backend.openSession();
    this.#spare = undefined;
    const session = spare?.catch(() => this.#backend.openSession()) ?? this.#backend.openSession();
    // Afterwards, so that neither the two nor what the first is asked at once slow each other down.
    session.then(
      () => setTimeout(() => this.keepSpare(), SPARE_DELAY_MS).unref(),
      () => undefined,
    );
    return session;
  }

  /** Gives the name back when the interpreter ends or does not start; whoever waits for it sees why. */
  async #watch(name: string, slot: Slot): Promise<void> {
    const session = await slot.session.catch(() => undefined);
    const reason = await session?.ended;
    if (this.#slots.get(name) !== slot) return;
    this.#remove(name, slot);
    if (reason !== undefined && slot.waiting === 0) this.noteLoss(name, `the interpreter ended (${reason})`);
  }

  #closeWhenIdle(name: string, slot: Slot): void {
    slot.idle = setTimeout(() => {
      this.#remove(name, slot);
      this.noteLoss(name, `the session was closed after ${this.#options.idleMs} ms without a call`);
      void closeSlot(slot);
    }, this.#options.idleMs).unref();
  }

  #remove(name: string, slot: Slot): void {
    clearTimeout(slot.idle);
    if (this.#slots.get(name) === slot) this.#slots.delete(name);
  }
}

async function closeSlot(slot: Slot): Promise<void> {
  clearTimeout(slot.idle);
  const session = await slot.session.catch(() => undefined);
  await session?.[Symbol.asyncDispose]();
}
