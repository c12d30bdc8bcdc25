import type {
  CallToolRequest,
  CallToolRequestOptions,
  CallToolResult,
  Client,
  LoggingLevel,
  PriorDiscovery,
  Tool,
  Transport,
} from '@modelcontextprotocol/client';
import { LOG_LEVEL_META_KEY, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Authorization } from '../auth/authorization.ts';
import { errorMessage } from '../errors.ts';
import { toolRequestTrace } from '../tracing.ts';
import { abortable } from './abortable.ts';
import { explainLoss, refusalOf } from './failure-reason.ts';
import type { Questions } from './questions.ts';
import type { Failure } from './server-state.ts';
import { StdioTransport } from './stdio-transport.ts';

/** How long a server behind HTTP may take to hear that its session is over, in milliseconds. */
const GOODBYE_MS = 1000;

/** How often the user is sent to sign in for one operation. */
const MAX_SIGN_INS = 2;

interface SessionFacts {
  readonly isOnTrust: boolean;
  readonly questions: Questions;
  readonly authorization: Authorization | undefined;
}

/** One connection with one server, from its handshake to its end. It is never reused: what comes after is a new one. */
export class Session {
  readonly client: Client;
  /** Whether the server has said nothing yet: what is known of it is remembered. */
  readonly isOnTrust: boolean;
  /** What the server has asked the user. */
  readonly questions: Questions;
  /** Why it ended, where that was not from here. */
  loss: Failure | undefined;
  /** Hears once when the connection ends without having been closed from here. */
  onlost: ((failure: Failure) => void) | undefined;
  /** From which level on the server is asked for its log. */
  logLevel: LoggingLevel | undefined;
  /** The right to use the server, where it is at an address. */
  readonly authorization: Authorization | undefined;
  readonly #transport: Transport;
  readonly #ending = new AbortController();
  readonly #calls = new Set<Promise<unknown>>();
  #isOver = false;

  constructor(client: Client, transport: Transport, { isOnTrust, questions, authorization }: SessionFacts) {
    this.client = client;
    this.isOnTrust = isOnTrust;
    this.questions = questions;
    this.authorization = authorization;
    this.#transport = transport;
    client.onclose = () => this.#lost();
  }

  /** Whether it has ended, from whichever side. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether the server keeps state for this session that it can lose while it stays reachable. */
  get hasSessionId(): boolean {
    return this.#transport.sessionId !== undefined;
  }

  /** Protocol revision that was agreed on, such as `2026-07-28`. */
  get protocol(): string {
    return this.client.getNegotiatedProtocolVersion() ?? '?';
  }

  /** Name and version that the server gives itself. */
  get identity(): string {
    const { name, version } = this.client.getServerVersion() ?? { name: '?', version: '?' };
    return `${name} ${version}`;
  }

  /** What a later connection to the same server need not ask again. */
  get verdict(): PriorDiscovery {
    const discover = this.client.getDiscoverResult();
    return this.client.getProtocolEra() === 'modern' && discover
      ? { kind: 'modern', discover }
      : { kind: 'legacy' };
  }

  async callTool(
    params: CallToolRequest['params'],
    options: CallToolRequestOptions,
  ): Promise<CallToolResult> {
    const isAsked = this.logLevel !== undefined && this.client.getProtocolEra() === 'modern';
    const asked = isAsked ? { ...params, _meta: { [LOG_LEVEL_META_KEY]: this.logLevel } } : params;
    const call = this.authorized(() => this.#request(asked, options), options.signal);
    this.#calls.add(call);
    try {
      return await call;
    } finally {
      this.#calls.delete(call);
    }
  }

  /** Does `work`, and once more when the user had to sign in for it first. */
  async authorized<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (let signIns = 0; ; signIns += 1) {
      try {
        return await work();
      } catch (error) {
        if (refusalOf(error) === undefined || signIns >= MAX_SIGN_INS) throw error;
        if (!(await this.#signIn(signal))) throw error;
      }
    }
  }

  async #request(
    params: CallToolRequest['params'],
    options: CallToolRequestOptions,
  ): Promise<CallToolResult> {
    const { sessionId } = this.#transport;
    const trace = await toolRequestTrace(params.name, {
      'mcp.protocol.version': this.protocol,
      'network.transport': this.#transport instanceof StdioTransport ? 'pipe' : 'tcp',
      ...(sessionId === undefined ? {} : { 'mcp.session.id': sessionId }),
    });
    try {
      const fields = { ...params['_meta'], ...trace.fields() };
      const traced = Object.keys(fields).length > 0 ? { ...params, _meta: fields } : params;
      const result = await trace.run(() => this.client.callTool(traced, options));
      if (result.isError === true) trace.fail('tool_error');
      return result;
    } catch (error) {
      trace.fail(error instanceof Error ? error.name : '_OTHER', errorMessage(error));
      throw error;
    } finally {
      trace.end();
    }
  }

  /** All tools of the server, every page. */
  async listTools(timeoutMs: number): Promise<readonly Tool[]> {
    if (this.#isOver) throw new Error('the connection had ended');
    // The SDK prints to the console when it is asked for what a server does not have.
    if (!this.client.getServerCapabilities()?.tools) return [];
    const { tools } = await this.authorized(() =>
      this.client.listTools(undefined, { timeout: timeoutMs, cacheMode: 'refresh' }),
    );
    return tools;
  }

  /** Asks for a sign of life. The new era has no `ping`; its servers all answer `server/discover`. */
  async check(timeoutMs: number): Promise<void> {
    const options = { timeout: timeoutMs };
    if (this.client.getProtocolEra() === 'modern') await this.client.discover(options);
    else await this.client.ping(options);
  }

  /** Tells the server that there are other roots now. In the new era it asks for them whenever it needs them. */
  async announceRoots(): Promise<void> {
    if (this.#isOver || this.client.getProtocolEra() === 'modern') return;
    // Whoever has just lost the connection asks for them in the next one.
    await this.client.sendRootsListChanged().catch(() => undefined);
  }

  /** Gives it up after `reason`, and says why it ended: a process that has ended knows better. */
  async abandon(reason: string): Promise<Failure> {
    await this.close();
    return this.#transport instanceof StdioTransport && this.#transport.ended
      ? explainLoss(this.#transport)
      : { reason };
  }

  /** Closes it once the calls that are under way have their answers. There will be no others. */
  async retire(): Promise<void> {
    await Promise.allSettled(this.#calls);
    await this.close();
  }

  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#ending.abort(new Error('The session has ended'));
    if (this.#transport instanceof StreamableHTTPClientTransport && this.hasSessionId) {
      // A server that keeps sessions keeps this one until it hears of its end. It has no say in ours.
      const goodbye = this.#transport.terminateSession().catch(() => undefined);
      await Promise.race([goodbye, new Promise((resolve) => setTimeout(resolve, GOODBYE_MS).unref())]);
    }
    await this.client.close();
  }

  #signIn(signal: AbortSignal | undefined): Promise<boolean> {
    const { authorization } = this;
    if (!authorization) return Promise.resolve(false);
    const until = AbortSignal.any([this.#ending.signal, ...(signal ? [signal] : [])]);
    return this.questions.during(() => abortable(authorization.signIn(), until));
  }

  #lost(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#ending.abort(new Error('The session has ended'));
    this.loss = explainLoss(this.#transport instanceof StdioTransport ? this.#transport : undefined);
    this.onlost?.(this.loss);
  }
}
