import type {
  Client,
  JSONRPCMessage,
  PriorDiscovery,
  ServerCapabilities,
  Tool,
} from '@modelcontextprotocol/client';
import type { Authorization } from '../auth/authorization.ts';
import { isNestedTooDeep } from '../json.ts';
import { isTraced } from '../tracing.ts';
import { abortable } from './abortable.ts';
import { callWithSdk } from './call-with-sdk.ts';
import { explainLoss, refusalOf } from './failure-reason.ts';
import { OutputSchemas } from './output-schemas.ts';
import type { Questions } from './questions.ts';
import type { LogLevel } from './server-logs.ts';
import type { Failure } from './server-state.ts';
import { StdioTransport } from './stdio-transport.ts';
import { tracedCall } from './traced-call.ts';
import type { Greeting } from './wire/greeting.ts';
import { capabilitiesIn, identityOf, protocolOf } from './wire/greeting.ts';
import type { SdkLink } from './wire/sdk-link.ts';
import { listTools } from './wire/tool-list.ts';
import type { Fields, RequestOptions, Wire } from './wire/wire.ts';
import { RemoteError } from './wire/wire-errors.ts';

const LOG_LEVEL_META_KEY = 'io.modelcontextprotocol/logLevel';

/** How often the user is sent to sign in for one operation. */
const MAX_SIGN_INS = 2;

interface SessionFacts {
  readonly greeting: Greeting;
  readonly isOnTrust: boolean;
  readonly questions: Questions;
  readonly authorization: Authorization | undefined;
  /** Brings the SDK's client to the connection. */
  readonly attach: () => Promise<SdkLink>;
}

/** What is asked of a tool, by the server's own name for it. */
export type ToolRequest = {
  readonly name: string;
  readonly arguments: Fields;
  readonly _meta?: Fields;
};

/**
 * One connection with one server, from its greeting to its end. It is never reused: what comes after is a new one.
 * Calls and lists go over the wire as they are; the SDK's client is brought in by the first that needs more.
 */
export class Session {
  readonly wire: Wire;
  /** Whether the server has said nothing yet: what is known of it is remembered. */
  readonly isOnTrust: boolean;
  /** What the server waits for on this side. */
  readonly questions: Questions;
  /** Why it ended, where that was not from here. */
  loss: Failure | undefined;
  /** Hears once when the connection ends without having been closed from here. */
  onlost: ((failure: Failure) => void) | undefined;
  /** The right to use the server, where it is at an address. */
  readonly authorization: Authorization | undefined;
  /** For those who wait for the user meanwhile, if anybody ever does. */
  #ending: AbortController | undefined;
  readonly #greeting: Greeting;
  readonly #attach: () => Promise<SdkLink>;
  readonly #outputs = new OutputSchemas();
  /** Tools whose arguments stand in headers too, which the SDK knows how to write. */
  #withHeaders: ReadonlySet<string> = new Set();
  #link: Promise<SdkLink> | undefined;
  #isOver = false;
  #closing: Promise<void> | undefined;

  constructor(wire: Wire, { greeting, isOnTrust, questions, authorization, attach }: SessionFacts) {
    this.wire = wire;
    this.isOnTrust = isOnTrust;
    this.questions = questions;
    this.authorization = authorization;
    this.#greeting = greeting;
    this.#attach = attach;
    wire.onforeign = (message) => this.#pass(message);
    wire.onclose = () => this.#lost();
  }

  /** Whether it has ended, from whichever side. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether the server keeps state for this session that it can lose while it stays reachable. */
  get hasSessionId(): boolean {
    return this.wire.channel.sessionId !== undefined;
  }

  /** Protocol revision that was agreed on, such as `2026-07-28`. */
  get protocol(): string {
    return protocolOf(this.#greeting);
  }

  get era(): Greeting['era'] {
    return this.#greeting.era;
  }

  /** Name and version that the server gives itself. */
  get identity(): string {
    return identityOf(this.#greeting);
  }

  /** What the server says that it can do. */
  get capabilities(): ServerCapabilities {
    return capabilitiesIn(this.#greeting);
  }

  /** What a later connection to the same server need not ask again. */
  get verdict(): PriorDiscovery {
    const { discover } = this.#greeting;
    return discover ? { kind: 'modern', discover } : { kind: 'legacy' };
  }

  /** Asks for the server's log from `level` on, in the newer era, which asks with each request. */
  askForLog(level: LogLevel): void {
    this.wire.envelope = { ...this.wire.envelope, [LOG_LEVEL_META_KEY]: level };
  }

  /** The SDK's client on this connection. */
  async client(): Promise<Client> {
    const { client } = await this.#linked();
    return client;
  }

  /** The tool's result, as it came but for its output schema, which it fits; or that it {@link needsInput}. */
  callTool(request: ToolRequest, options: RequestOptions): Promise<Fields> {
    const { name } = request;
    const isPlain = !this.#outputs.has(name) && !this.#withHeaders.has(name) && !isTraced();
    if (!isPlain) return this.#callWithCare(request, options);
    return this.authorized(() => this.wire.request('tools/call', request, options), options.signal);
  }

  /** Goes on with a call whose answer was that it needs input. */
  async goOn(request: ToolRequest, answer: Fields, options: RequestOptions): Promise<Fields> {
    return callWithSdk(await this.#linked(), { request, options, questions: this.questions, answer });
  }

  async #callWithCare(request: ToolRequest, options: RequestOptions): Promise<Fields> {
    const check = this.#outputs.has(request.name) ? await this.#outputs.check(request.name) : undefined;
    const call = (asked: ToolRequest): Promise<Fields> =>
      this.authorized(() => this.#call(asked, options), options.signal);
    const result = await (isTraced() ? tracedCall(this, request, call) : call(request));
    check?.(result);
    return result;
  }

  /** Does `work`, and once more when the user had to sign in for it first. */
  authorized<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const done = work();
    return this.authorization ? done.catch((error) => this.#afterSignIn(work, error, signal)) : done;
  }

  /** All tools of the server, every page. */
  async listTools(timeoutMs: number): Promise<readonly Tool[]> {
    if (this.#isOver) throw new Error('the connection had ended');
    if (!this.capabilities.tools) return [];
    let tools = await this.authorized(() => listTools(this.wire, timeoutMs));
    if (this.era === 'modern' && this.wire.channel.passOn) tools = await this.#checkHeaders(tools, timeoutMs);
    this.#outputs.take(tools);
    return tools;
  }

  /** Asks for a sign of life. The new era has no `ping`; its servers all answer `server/discover`. */
  async check(timeoutMs: number): Promise<void> {
    try {
      await this.wire.request(this.era === 'modern' ? 'server/discover' : 'ping', {}, { timeoutMs });
    } catch (error) {
      // Who says that it knows no such question is there.
      if (!(error instanceof RemoteError)) throw error;
    }
  }

  /** Tells the server that there are other roots now. In the new era it asks for them whenever it needs them. */
  async announceRoots(): Promise<void> {
    if (this.#isOver || this.era === 'modern') return;
    // Whoever has just lost the connection asks for them in the next one.
    await this.wire.notify('notifications/roots/list_changed').catch(() => undefined);
  }

  /** Gives it up after `reason`, and says why it ended: what was wrong with it before, and a process that has ended, know better. */
  async abandon(reason: string): Promise<Failure> {
    await this.close();
    const { channel } = this.wire;
    const hasEnded = channel instanceof StdioTransport && channel.ended !== undefined;
    return hasEnded || channel.problem !== undefined ? explainLoss(channel) : { reason };
  }

  /** Closes it once the calls that are under way have their answers. There will be no others. */
  async retire(): Promise<void> {
    await this.wire.idle();
    await this.close();
  }

  /** Resolves for all who ask when nothing of the server is left here. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const { channel } = this.wire;
    if (!this.#isOver) {
      this.#isOver = true;
      this.#ending?.abort(new Error('The session has ended'));
      await channel.farewell?.();
    }
    await channel.close();
  }

  async #call(request: ToolRequest, options: RequestOptions): Promise<Fields> {
    const facts = { request, options, questions: this.questions };
    if (this.#withHeaders.has(request.name)) return callWithSdk(await this.#linked(), facts);
    const result = await this.wire.request('tools/call', request, options);
    return needsInput(result) ? this.goOn(request, result, options) : result;
  }

  /** Leaves out the tools whose headers are not as they should be, which the SDK tells. */
  async #checkHeaders(tools: readonly Tool[], timeoutMs: number): Promise<readonly Tool[]> {
    const declaring = tools.filter(
      ({ inputSchema }) =>
        !isNestedTooDeep(inputSchema) && JSON.stringify(inputSchema).includes('"x-mcp-header"'),
    );
    this.#withHeaders = new Set(declaring.map(({ name }) => name));
    if (declaring.length === 0) return tools;
    const client = await this.client();
    return (await client.listTools(undefined, { timeout: timeoutMs, cacheMode: 'refresh' })).tools;
  }

  async #afterSignIn<T>(work: () => Promise<T>, refusal: unknown, signal?: AbortSignal): Promise<T> {
    let error = refusal;
    for (let signIns = 0; signIns < MAX_SIGN_INS && refusalOf(error) !== undefined; signIns += 1) {
      if (!(await this.#signIn(signal))) break;
      try {
        return await work();
      } catch (again) {
        error = again;
      }
    }
    throw error;
  }

  #signIn(signal: AbortSignal | undefined): Promise<boolean> {
    const { authorization } = this;
    if (!authorization || this.#isOver) return Promise.resolve(false);
    this.#ending ??= new AbortController();
    const until = AbortSignal.any([this.#ending.signal, ...(signal ? [signal] : [])]);
    return this.questions.during(() => abortable(authorization.signIn(), until));
  }

  #linked(): Promise<SdkLink> {
    this.#link ??= this.#attach();
    return this.#link;
  }

  /** A server's question brings the client in; what it tells by the way is for a client that is there. */
  #pass(message: JSONRPCMessage): void {
    if (!this.#link && !('method' in message && 'id' in message)) return;
    // What the SDK's client cannot make sense of, such as an answer to nobody, is no more than the server's own mistake.
    this.#linked()
      .then((link) => link.receive(message))
      .catch(() => undefined);
  }

  #lost(): void {
    void this.#link?.then(
      (link) => link.end(),
      () => undefined,
    );
    if (this.#isOver) return;
    this.#isOver = true;
    this.#ending?.abort(new Error('The session has ended'));
    this.loss = explainLoss(this.wire.channel);
    this.onlost?.(this.loss);
  }
}

/** Whether a server wants something of this side before it goes on with a call. */
export function needsInput(answer: Fields): boolean {
  return answer['resultType'] === 'input_required';
}
