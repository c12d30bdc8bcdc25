import type { ServerConfig } from '../config/host-config.ts';
import { errorMessage } from '../errors.ts';
import { uptimeMs } from '../uptime.ts';
import { Backoff } from './backoff.ts';
import { problemBehind } from './failure-reason.ts';
import type { SessionOptions } from './open-session.ts';
import { openKnownSession } from './open-known-session.ts';
import { Pause } from './pause.ts';
import type { ServerCatalog } from './server-catalog.ts';
import type { LogLevel, ServerLog } from './server-logs.ts';
import { watchLogs } from './server-logs.ts';
import type { Failure, ServerState } from './server-state.ts';
import { agreementIn, sinceLoss } from './server-state.ts';
import type { Session } from './session.ts';
import { watchTools } from './tool-changes.ts';

/** How long a server that did not answer a call may take for a sign of life, in milliseconds. */
const CHECK_TIMEOUT_MS = 5000;

export interface SupervisorOptions extends Pick<
  SessionOptions,
  'env' | 'client' | 'abilities' | 'authorization'
> {
  /** From which level on servers are asked for their logs. Absent: they are not. */
  readonly logLevel?: LogLevel | undefined;
  /** The end of what came before it: two processes of one server at once may fight over what it owns. */
  readonly after?: Promise<void> | undefined;
  readonly onLog: (log: ServerLog) => void;
  readonly onState: () => void;
}

/** Keeps one server in one state at a time, and one session at most: makes it, gives it up, makes it anew. */
export class Supervisor {
  readonly #config: ServerConfig;
  readonly #catalog: ServerCatalog;
  readonly #options: SupervisorOptions;
  readonly #checkLimitMs: number;
  readonly #backoff = new Backoff();
  readonly #closing = new AbortController();
  #state: ServerState = { kind: 'idle', since: Date.now() };
  #session: Session | undefined;
  /** One attempt to connect, shared by all who wait for it. */
  #opening: Promise<Session | undefined> | undefined;
  #settled: Promise<void> = Promise.resolve();
  /** Sessions that are over once the calls that are under way on them have their answers. */
  readonly #retiring = new Set<Session>();
  /** The session that is asked for a sign of life, for as long as it is. */
  #doubted: Session | undefined;
  #pause: Pause | undefined;
  /** The end of the last session, where there was one. */
  #leaving: Promise<void> | undefined;
  /** Why the last session ended, until there is one that works. */
  #loss: Failure | undefined;
  /** The same, until a call has been told of it. */
  #untold: Failure | undefined;
  #wasReady = false;

  constructor(config: ServerConfig, catalog: ServerCatalog, options: SupervisorOptions) {
    this.#config = config;
    this.#catalog = catalog;
    this.#options = options;
    this.#checkLimitMs = Math.min(CHECK_TIMEOUT_MS, config.timeoutMs);
    this.#leaving = options.after;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** The session that there is. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** Whether there is a session, or will be soon. */
  get isRunning(): boolean {
    return this.#session !== undefined || this.#opening !== undefined;
  }

  /** Resolves when the server is ready, or down, or let go. */
  async settle(): Promise<void> {
    await this.#opening;
    await this.#settled;
  }

  /** The session to call on, made first where there is none. `undefined` while the server is down. */
  reach(): Promise<Session | undefined> {
    if (this.#session) return Promise.resolve(this.#session);
    if (this.#opening) return this.#opening;
    if (this.#state.kind !== 'down') return this.#open();
    const { retryAt } = this.#state;
    return retryAt !== undefined && retryAt <= Date.now() ? this.#open() : Promise.resolve(undefined);
  }

  /** As {@link reach}, but where the next try is still to come it waits for that. */
  async reachWhenDue(): Promise<Session | undefined> {
    const now = await this.reach();
    if (now || this.#state.kind !== 'down' || this.#state.retryAt === undefined) return now;
    const due = this.#openWhenDue(this.#state.retryAt);
    this.#pause?.keepAlive();
    return due;
  }

  /** The server answered a call. Returns what the caller has to hear of before it trusts the answer, once. */
  answered(session: Session): Failure | undefined {
    if (this.#state.kind === 'degraded') this.#recovered(session);
    return this.takeUntold();
  }

  /** A loss that no call has been told of yet. */
  takeUntold(): Failure | undefined {
    const untold = this.#untold;
    this.#untold = undefined;
    return untold;
  }

  /** Something was wrong. The server is asked for a sign of life, and given up without one. */
  doubt(session: Session, reason: string): void {
    if (this.#doubted === session || !this.#degrade(session, reason)) return;
    this.#doubted = session;
    void this.#check(session, reason);
  }

  /**
   * Asks a server that runs for a sign of life. Resolves with the milliseconds that took, `undefined` without one; a
   * server that gives none is in doubt.
   */
  async measure(): Promise<number | undefined> {
    const session = this.#session;
    if (!session) return undefined;
    const startedAt = uptimeMs();
    try {
      await session.check(this.#checkLimitMs);
      this.#recovered(session);
      return Math.ceil(uptimeMs() - startedAt);
    } catch {
      this.doubt(session, 'it gave no sign of life');
      return undefined;
    }
  }

  /** A session is over. Whoever notices first says why; the others find another session, or none, in its place. */
  lose(session: Session, failure: Failure): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#leaving = session.close();
    this.#noteLoss(failure);
    this.#fail(failure, this.#wasReady || this.#config.transport.kind !== 'stdio');
  }

  /** The server forgot a session. The next one who reaches for it makes another. */
  expire(session: Session, failure: Failure): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#retiring.add(session);
    void session.retire().finally(() => this.#retiring.delete(session));
    this.#noteLoss(failure);
  }

  /** Ends the session, so that the server starts anew when it is needed. */
  async letGo(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session) {
      this.#become({ kind: 'idle', since: Date.now() });
      this.#leaving = session.close();
    }
    await this.#leaving;
  }

  /** Ends everything for good. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('The connection is closed'));
    await this.#opening;
    await Promise.all([this.letGo(), ...[...this.#retiring].map((session) => session.close())]);
  }

  #open(): Promise<Session | undefined> {
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** A try in the future, one for all who wait for it. */
  async #openWhenDue(retryAt: number): Promise<Session | undefined> {
    const { signal } = this.#closing;
    this.#pause ??= new Pause(retryAt - Date.now(), signal);
    await this.#pause.over;
    return signal.aborted ? undefined : (this.#session ?? this.#open());
  }

  async #connect(): Promise<Session | undefined> {
    this.#pause = undefined;
    this.#settled = Promise.resolve();
    // A first process starts before anything is waited for, so that it comes up while the next server is looked at.
    if (this.#leaving) await this.#leaving;
    const startedAt = uptimeMs();
    this.#become({ kind: 'connecting', since: Date.now() });
    const { signal } = this.#closing;
    const opening = await openKnownSession(this.#config, this.#catalog, { ...this.#options, signal });
    if (opening.kind === 'open') return this.#adopt(opening.session, startedAt);
    this.#fail(sinceLoss(this.#loss, opening.failure), opening.isPassing || this.#wasReady);
    return undefined;
  }

  #adopt(session: Session, startedAt: number): Session {
    this.#session = session;
    this.#backoff.opened(Date.now());
    if (this.#options.logLevel) watchLogs(session, this.#options.logLevel, this.#options.onLog);
    session.onlost = (failure) => this.lose(session, sinceLoss(this.#loss, failure));
    if (session.loss) this.lose(session, sinceLoss(this.#loss, session.loss));
    else this.#settled = this.#prove(session, startedAt);
    return session;
  }

  /** A server is ready when it has given a sign of life and its tools are known, if only from the last time. */
  async #prove(session: Session, startedAt: number): Promise<void> {
    if (this.#catalog.isKnown) {
      this.#ready(session, startedAt);
      // A session on trust has just listed them.
      if (!session.isOnTrust) void this.#refresh(session);
      return;
    }
    try {
      await this.#catalog.refresh(session, this.#config.startTimeoutMs);
      this.#ready(session, startedAt);
    } catch (error) {
      const reason = `it cannot list its tools: ${errorMessage(error)}`;
      this.lose(session, problemBehind(error, session.authorization) ?? { reason });
    }
  }

  #ready(session: Session, startedAt: number): void {
    if (this.#session !== session) return;
    this.#wasReady = true;
    this.#loss = undefined;
    const { protocol, identity } = session;
    const startMs = Math.round(uptimeMs() - startedAt);
    this.#become({ kind: 'ready', since: Date.now(), startMs, protocol, identity });
    watchTools(session, () => this.#refresh(session));
  }

  /** Lists the tools anew. Where that fails the ones that are known stay. */
  async #refresh(session: Session): Promise<void> {
    try {
      await this.#catalog.refresh(session, this.#config.startTimeoutMs);
      this.#recovered(session);
    } catch (error) {
      this.#degrade(session, `it cannot list its tools: ${errorMessage(error)}`);
    }
  }

  async #check(session: Session, doubt: string): Promise<void> {
    try {
      await session.check(this.#checkLimitMs);
      this.#recovered(session);
    } catch {
      this.lose(session, { reason: `${doubt}, nor any sign of life since` });
    }
    if (this.#doubted === session) this.#doubted = undefined;
  }

  #degrade(session: Session, reason: string): boolean {
    const agreed = agreementIn(this.#state);
    if (this.#session !== session || !agreed) return false;
    this.#become({ kind: 'degraded', since: Date.now(), reason, ...agreed });
    return true;
  }

  #recovered(session: Session): void {
    if (this.#state.kind !== 'degraded' || this.#session !== session) return;
    const agreed = agreementIn(this.#state);
    if (agreed) this.#become({ kind: 'ready', since: Date.now(), ...agreed });
  }

  #noteLoss(failure: Failure): void {
    this.#loss = failure;
    if (this.#wasReady) this.#untold = failure;
  }

  #fail({ reason, hint, isFinal }: Failure, isPassing: boolean): void {
    const since = Date.now();
    if (this.#closing.signal.aborted) return this.#become({ kind: 'idle', since });
    const failure = { reason, ...(hint === undefined ? {} : { hint }) };
    if (!isPassing || isFinal) return this.#become({ kind: 'down', since, ...failure });
    const retryAt = this.#backoff.failed(since);
    this.#become({ kind: 'down', since, ...failure, retryAt });
    if (this.#config.start === 'eager' && this.#backoff.mayTryInBackground) void this.#openWhenDue(retryAt);
  }

  #become(state: ServerState): void {
    this.#state = state;
    this.#options.onState();
  }
}
