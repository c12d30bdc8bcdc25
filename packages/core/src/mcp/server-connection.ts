import type { SignInOptions } from '../auth/authorization-of.ts';
import { authorizationOf } from '../auth/authorization-of.ts';
import type { Authorization } from '../auth/authorization.ts';
import type { ServerConfig } from '../config/host-config.ts';
import { errorMessage, PatchbayError } from '../errors.ts';
import type { ToolDefinition, ToolOutcome } from '../tools.ts';
import { outcomeText } from '../tools.ts';
import { abortable } from './abortable.ts';
import type { CallAttempt, CallOptions, CallRequest } from './call-attempt.ts';
import { attemptCall, hasForgotten } from './call-attempt.ts';
import { capabilitiesOf } from './client-abilities.ts';
import { downOutcome, lateOutcome, lostOutcome, withRestartNote } from './call-outcome.ts';
import { problemBehind, refusalOf } from './failure-reason.ts';
import { mayRetry } from './retry-policy.ts';
import { ServerCatalog } from './server-catalog.ts';
import type { HostEvent, ServerCheck, ServerStatus } from './server-state.ts';
import type { Session } from './session.ts';
import type { SupervisorOptions } from './supervisor.ts';
import { Supervisor } from './supervisor.ts';
import { UseCount } from './use-count.ts';
import type { Ask } from './within-limits.ts';
import { withinLimits } from './within-limits.ts';

export interface ConnectionOptions
  extends SignInOptions, Pick<SupervisorOptions, 'env' | 'client' | 'abilities' | 'logLevel'> {
  /** Where servers are remembered between runs. Absent: they are not. */
  readonly cacheFolder?: string | undefined;
  readonly onEvent: (event: HostEvent) => void;
}

type LostAttempt = Exclude<CallAttempt, { kind: 'answered' | 'late' | 'unauthorized' }>;

/** The connection with one server, as its tools' callers have it. It never throws because the server failed. */
export class ServerConnection implements AsyncDisposable {
  readonly #config: ServerConfig;
  readonly #options: ConnectionOptions;
  readonly #catalog: ServerCatalog;
  readonly #uses: UseCount;
  readonly #authorization: Authorization | undefined;
  #supervisor: Supervisor;
  #started: Promise<void> | undefined;
  #isClosed = false;
  /** Whether it was started by one who holds it, and is of no use to others. */
  #isForHolders = false;

  constructor(config: ServerConfig, options: ConnectionOptions) {
    this.#config = config;
    this.#options = options;
    this.#catalog = new ServerCatalog(config, {
      folder: options.cacheFolder,
      abilities: Object.keys(capabilitiesOf(options.abilities)),
    });
    this.#authorization = authorizationOf(config, options);
    this.#supervisor = this.#supervise();
    this.#uses = new UseCount(config.idleMs, () => void this.#supervisor.letGo());
  }

  get status(): ServerStatus {
    const { tools, unmatchedTools } = this.#catalog;
    return { server: this.#config.name, state: this.#supervisor.state, tools, unmatchedTools };
  }

  get tools(): readonly ToolDefinition[] {
    return this.#catalog.tools;
  }

  /** Whether the server runs, or will in a moment. */
  get isRunning(): boolean {
    return this.#supervisor.isRunning;
  }

  /** Starts the server as configured, once. Settles when it is ready, idle or down; callers share one start. */
  async start(): Promise<ServerStatus> {
    this.#started ??= this.#startOnce();
    await this.#started;
    return this.status;
  }

  /** How it is; where it runs it is asked for a sign of life. Starts nothing. */
  async check(signal?: AbortSignal): Promise<ServerCheck> {
    const answerMs = await abortable(this.#supervisor.measure(), signal);
    return { ...this.status, ...(answerMs === undefined ? {} : { answerMs }) };
  }

  /** Lets go of what there is and starts anew, whatever it is waiting for. Once it is closed, nothing starts any more. */
  async restart(): Promise<ServerStatus> {
    if (!this.#isClosed) {
      this.#supervisor = this.#supervise(this.#supervisor.close());
      this.#started = this.#connect();
    }
    return this.start();
  }

  /** Keeps the server running, and starts it where it is not, until the returned function is called. */
  async hold(signal?: AbortSignal): Promise<() => Promise<void>> {
    if (!this.#supervisor.isRunning) this.#isForHolders = this.#config.start === 'lazy';
    this.#uses.enter();
    const release = async (): Promise<void> => {
      this.#uses.leave();
      if (!this.#isForHolders || !this.#uses.isFree) return;
      this.#isForHolders = false;
      await this.#supervisor.letGo();
    };
    try {
      await abortable(this.#connect(), signal);
    } catch (error) {
      // Nobody waits for it, but it is still starting.
      void this.#supervisor.settle().then(release);
      throw error;
    }
    return release;
  }

  /** Calls a tool by the server's own name for it. Rejects only with the reason of the signal. */
  async callTool(
    tool: string,
    args: Readonly<Record<string, unknown>>,
    options: CallOptions = {},
  ): Promise<ToolOutcome> {
    this.#uses.enter();
    try {
      const { timeoutMs, maxTotalMs } = this.#config;
      const request = { tool, args, timeoutMs, maxTotalMs };
      const { session } = this.#supervisor;
      // Nearly every call meets a session and is answered: nothing is to be decided then.
      const attempt = session && (await attemptCall(session, request, options));
      if (session && attempt?.kind === 'answered') return this.#answered(session, attempt.outcome);
      return await this.#call(request, options, session && attempt && this.#judge(session, request, attempt));
    } finally {
      this.#uses.leave();
    }
  }

  /**
   * Asks the server for something that has no effect, and so may be asked for again when it had forgotten its session.
   *
   * @throws {PatchbayError} `SERVER_UNAVAILABLE`, or `SERVER_REFUSED` with what the server said.
   */
  async request<T>(ask: Ask<T>, signal?: AbortSignal): Promise<T> {
    this.#uses.enter();
    try {
      return await this.#request(ask, signal);
    } finally {
      this.#uses.leave();
    }
  }

  /** Tells a server that is there of new roots. */
  async announceRoots(): Promise<void> {
    await this.#supervisor.session?.announceRoots();
  }

  /** Forgets the user's sign-in and lets the server go. */
  async signOut(): Promise<void> {
    await this.#authorization?.signOut();
    await this.#supervisor.letGo();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#authorization?.close();
    this.#uses.stop();
    await this.#supervisor.close();
    await this.#catalog.saved();
  }

  #supervise(after?: Promise<void>): Supervisor {
    const { onEvent, env, client, abilities, logLevel } = this.#options;
    const { name: server } = this.#config;
    return new Supervisor(this.#config, this.#catalog, {
      env,
      client,
      abilities,
      logLevel,
      authorization: this.#authorization,
      after,
      onLog: (log) => onEvent({ type: 'server-log', server, ...log }),
      onState: () => onEvent({ type: 'server-state', status: this.status }),
    });
  }

  async #startOnce(): Promise<void> {
    // What a lazy server offers must be known before anybody can call it.
    if (this.#config.start === 'lazy') {
      this.#catalog.recall();
      if (this.#catalog.isKnown) return;
    }
    await this.#connect();
  }

  async #connect(): Promise<void> {
    await this.#supervisor.reach();
    await this.#supervisor.settle();
    if (this.#uses.isFree) this.#uses.rest();
  }

  /** Makes a call, or goes on with one that was `tried`. */
  async #call(
    request: CallRequest,
    options: CallOptions,
    first: Promise<ToolOutcome | LostAttempt> = this.#try(request, this.#supervisor.reach(), options),
  ): Promise<ToolOutcome> {
    const { name, trusted } = this.#config;
    const { tool } = request;
    let tried = await first;
    if (
      'kind' in tried &&
      mayRetry(tried.kind, { annotations: this.#catalog.annotationsOf(tool), trusted })
    ) {
      tried = await this.#try(request, this.#supervisor.reachWhenDue(), options);
    }
    if (!('kind' in tried)) return tried;
    if (tried.kind !== 'unanswered') return this.#down();
    return lostOutcome({ server: name, tool }, this.#supervisor.takeUntold() ?? tried);
  }

  async #try(
    request: CallRequest,
    reaching: Promise<Session | undefined>,
    options: CallOptions,
  ): Promise<ToolOutcome | LostAttempt> {
    const session = await abortable(reaching, options.signal);
    if (!session) return this.#down();
    return this.#judge(session, request, await attemptCall(session, request, options));
  }

  /** What an attempt came to: its outcome, or how far it came before the session was lost. */
  async #judge(
    session: Session,
    request: CallRequest,
    attempt: CallAttempt,
  ): Promise<ToolOutcome | LostAttempt> {
    const { name: server } = this.#config;
    switch (attempt.kind) {
      case 'answered':
        return this.#answered(session, attempt.outcome);
      case 'late':
        this.#supervisor.doubt(session, `${request.tool} gave no answer in ${attempt.limitMs / 1000} s`);
        return lateOutcome({ server, tool: request.tool }, attempt.limitMs);
      case 'expired':
        this.#supervisor.expire(session, attempt);
        return attempt;
      case 'unauthorized':
        this.#supervisor.lose(session, attempt.failure);
        return this.#down();
      case 'unsent':
      case 'unanswered':
        this.#supervisor.lose(session, await session.abandon(attempt.reason));
        return attempt;
      default:
        return attempt satisfies never;
    }
  }

  #answered(session: Session, outcome: ToolOutcome): ToolOutcome {
    const loss = this.#supervisor.answered(session);
    return loss ? withRestartNote(outcome, this.#config.name, loss) : outcome;
  }

  async #request<T>(ask: Ask<T>, signal?: AbortSignal): Promise<T> {
    const { timeoutMs, maxTotalMs } = this.#config;
    for (let isRetry = false; ; isRetry = true) {
      const session = await abortable(this.#supervisor.reach(), signal);
      if (!session) {
        throw new PatchbayError('SERVER_UNAVAILABLE', outcomeText(this.#down()));
      }
      try {
        const limits = { signal, timeoutMs, maxTotalMs, questions: session.questions };
        return await session.authorized(
          () => withinLimits(limits, (options) => ask(session, options)),
          signal,
        );
      } catch (cause) {
        signal?.throwIfAborted();
        const hasExpired = !isRetry && hasForgotten(session, cause);
        if (!hasExpired) throw this.#refused(cause, session);
        this.#supervisor.expire(session, { reason: 'it forgot its session' });
      }
    }
  }

  #refused(cause: unknown, session: Session): PatchbayError {
    const problem = problemBehind(cause, session.authorization);
    if (problem && refusalOf(cause) === 401) {
      this.#supervisor.lose(session, problem);
      return new PatchbayError('SERVER_UNAVAILABLE', outcomeText(this.#down()), {
        hint: problem.hint,
        cause,
      });
    }
    const { name } = this.#config;
    const message = `${name}: ${problem?.reason ?? errorMessage(cause)}`;
    return new PatchbayError('SERVER_REFUSED', message, { ...(problem && { hint: problem.hint }), cause });
  }

  #down(): ToolOutcome {
    this.#supervisor.takeUntold();
    return downOutcome(this.#config.name, this.#supervisor.state, Date.now());
  }
}
