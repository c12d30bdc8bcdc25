import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { urlToHttpOptions } from 'node:url';
import type { JSONRPCMessage, StreamableHTTPClientTransport, Transport } from '@modelcontextprotocol/client';
import type { Authorization } from '../../auth/authorization.ts';
import { authorizedFetch, mayResend } from '../../auth/authorized-fetch.ts';
import type { Environment } from '../../config/expand-variables.ts';
import { EventStream } from './event-stream.ts';
import { read, textOf, typeIn } from './http-body.ts';
import type { Channel } from './message.ts';
import { isMessage, MAX_MESSAGE_BYTES, nameIn, parsed, protocolIn } from './message.ts';
import { HttpAnswerError, NotSentError } from './wire-errors.ts';

/** How long a server may take to hear that its session is over, in milliseconds. */
const FAREWELL_MS = 1000;
/** Pause before a stream that ended is asked for again, where the server names none, in milliseconds. */
const RETRY_MS = 1000;
/** How often in a row a stream is asked for that does not come. */
const MAX_RETRIES = 2;
/** What can stand in a header as it is. */
const PLAIN = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;

export interface HttpEndpoint {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Where `NODE_USE_ENV_PROXY` and the proxies are read, as Node itself would. */
  readonly env: Environment;
  /** The right to use it. */
  readonly authorization: Authorization | undefined;
}

/**
 * Streamable HTTP on connections that are kept, without `fetch`. Redirects, and what the SDK's own client sends, go
 * through the SDK's transport, which shares the session.
 */
export class HttpChannel implements Channel {
  onclose?: () => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly hasPerRequestStream = true;
  readonly #endpoint: HttpEndpoint;
  /** What is under way, by the id of its message where that has one. */
  readonly #running = new Map<unknown, ClientRequest>();
  #request: ((options: RequestOptions) => ClientRequest) | undefined;
  #agent: Agent | undefined;
  #isClosed = false;
  #sessionId: string | undefined;
  #protocol: string | undefined;
  #sdk: StreamableHTTPClientTransport | undefined;

  constructor(endpoint: HttpEndpoint) {
    this.#endpoint = endpoint;
  }

  get sessionId(): string | undefined {
    return this.#sessionId ?? this.#sdk?.sessionId;
  }

  setProtocolVersion(version: string): void {
    this.#protocol = version;
    this.#sdk?.setProtocolVersion(version);
  }

  async start(): Promise<void> {
    const { url, env } = this.#endpoint;
    const { Agent, request } =
      url.protocol === 'https:' ? await import('node:https') : await import('node:http');
    const proxy = env['NODE_USE_ENV_PROXY'] === '1' ? { proxyEnv: env } : {};
    const agent = new Agent({ keepAlive: true, ...proxy });
    const target = { ...urlToHttpOptions(url), agent };
    this.#agent = agent;
    this.#request = (options) => request({ ...target, ...options });
  }

  /** Resolves when the answer has been handed on to its end. */
  async send(message: JSONRPCMessage): Promise<void> {
    const name = nameIn(message);
    if (name !== undefined && !PLAIN.test(name)) return this.passOn(message);
    const { authorization } = this.#endpoint;
    for (let renewals = 0; ; renewals += 1) {
      const token = await this.#token();
      const response = await this.#post(message, token);
      const { statusCode: status = 0, headers } = response;
      const answer = { status, header: headers['www-authenticate'] ?? null, token };
      if (!authorization || !(await mayResend(authorization, answer, renewals)))
        return this.#receive(response, message);
      response.resume();
    }
  }

  #post(message: JSONRPCMessage, token: string | undefined): Promise<IncomingMessage> {
    const body = JSON.stringify(message);
    const headers = {
      ...this.#headers(token),
      ...headersOf(message),
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    return new Promise((resolve, reject) => {
      const request = this.#open({ method: 'POST', headers }, 'id' in message ? message.id : undefined);
      request.on('error', reject);
      request.once('response', resolve);
      request.end(body);
    });
  }

  async passOn(...[message, options]: Parameters<Transport['send']>): Promise<void> {
    const sdk = (this.#sdk ??= await this.#openSdk());
    await sdk.send(message, options);
  }

  drop(id: number): void {
    this.#running.get(id)?.destroy();
  }

  /** A server that keeps sessions keeps this one until it hears of its end. It has no say in ours. */
  async farewell(): Promise<void> {
    if (this.sessionId === undefined) return;
    const headers = this.#headers(await this.#token());
    await new Promise<void>((resolve) => {
      const request = this.#open({ method: 'DELETE', headers, timeout: FAREWELL_MS });
      request.once('timeout', () => request.destroy());
      request.on('error', () => resolve());
      request.once('response', (response) => response.resume().once('close', resolve));
      request.end();
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const request of this.#running.values()) request.destroy();
    this.#agent?.destroy();
    await this.#sdk?.close();
    this.onclose?.();
  }

  #open(options: RequestOptions, id?: string | number): ClientRequest {
    if (!this.#request || this.#isClosed) throw new NotSentError('Not connected');
    const request = this.#request(options);
    const key = id ?? request;
    this.#running.set(key, request);
    return request.once('close', () => this.#running.delete(key));
  }

  async #token(): Promise<string | undefined> {
    return this.#endpoint.authorization?.token();
  }

  /** What every request has. */
  #headers(token: string | undefined): Record<string, string> {
    const { sessionId } = this;
    return {
      ...this.#endpoint.headers,
      accept: 'application/json, text/event-stream',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(sessionId === undefined ? {} : { 'mcp-session-id': sessionId }),
      ...(this.#protocol === undefined ? {} : { 'mcp-protocol-version': this.#protocol }),
    };
  }

  async #receive(response: IncomingMessage, message: JSONRPCMessage): Promise<void> {
    const { statusCode: status = 0 } = response;
    if (status >= 300 && status < 400) {
      response.resume();
      return this.passOn(message);
    }
    if (status >= 400) return this.#refused(message, { status, body: await textOf(response) });
    const id = 'id' in message ? message.id : undefined;
    if (id !== undefined) return this.#answered(response, id);
    await textOf(response);
    if ('method' in message && message.method === 'notifications/initialized') void this.#listen();
  }

  async #answered(response: IncomingMessage, id: string | number): Promise<void> {
    const session = response.headers['mcp-session-id'];
    if (typeof session === 'string') this.#sessionId = session;
    const type = typeIn(response);
    if (type === 'application/json') return this.#deliver(JSON.parse(await textOf(response)));
    if (type === 'text/event-stream') return this.#stream(response, id);
    const { statusCode: status = 0 } = response;
    const body = await textOf(response);
    throw new HttpAnswerError(`Unexpected content type: ${type ?? 'none'}`, { status, body });
  }

  /** In the newer era an error may come with its status, else the status is all that there is. */
  #refused(message: JSONRPCMessage, { status, body }: { status: number; body: string }): void {
    const answer = status === 400 && protocolIn(message) !== undefined ? parsed(body) : undefined;
    const isAnswer = isMessage(answer) && 'error' in answer && 'id' in message && answer.id === message.id;
    if (!isAnswer) throw new HttpAnswerError(`HTTP ${status}`, { status, body });
    this.onmessage?.(answer);
  }

  #deliver(value: unknown): void {
    for (const message of Array.isArray(value) ? value : [value])
      if (isMessage(message)) this.onmessage?.(message);
  }

  /** Hands on the messages of an answer; a stream that ends before it is taken up again where the server lets it. */
  async #stream(response: IncomingMessage, id: string | number): Promise<void> {
    let isAnswered = false;
    const events = new EventStream(MAX_MESSAGE_BYTES, (data) => {
      const message = parsed(data);
      if (!isMessage(message)) return;
      isAnswered ||= !('method' in message) && message.id === id;
      this.onmessage?.(message);
    });
    try {
      await read(response, (chunk) => events.push(chunk));
    } catch (error) {
      if (events.lastId === undefined && !isAnswered) throw error;
    }
    if (events.lastId !== undefined) await this.#follow(events, () => isAnswered);
  }

  /** What a server of the older era says unasked, where it has a stream for that. */
  async #listen(): Promise<void> {
    const events = new EventStream(MAX_MESSAGE_BYTES, (data) => this.#deliver(parsed(data)));
    const response = await this.#get(undefined);
    if (!response) return;
    await read(response, (chunk) => events.push(chunk)).catch(() => undefined);
    await this.#follow(events, () => false);
  }

  /** Goes on with a stream that has ended, from its last event, until it is over or does not come any more. */
  async #follow(events: EventStream, isOver: () => boolean): Promise<void> {
    for (let failures = 0; failures < MAX_RETRIES && !isOver() && !this.#isClosed;) {
      await delay(events.retryMs ?? RETRY_MS * (failures + 1));
      if (this.#isClosed) return;
      const response = await this.#get(events.lastId);
      failures = response ? 0 : failures + 1;
      if (response) await read(response, (chunk) => events.push(chunk)).catch(() => undefined);
    }
  }

  /** Opens a stream of events; `undefined` where the server has none. */
  async #get(lastId: string | undefined): Promise<IncomingMessage | undefined> {
    const from = lastId === undefined ? {} : { 'last-event-id': lastId };
    const headers = { ...this.#headers(await this.#token()), accept: 'text/event-stream', ...from };
    return new Promise((resolve) => {
      const request = this.#open({ method: 'GET', headers });
      request.on('error', () => resolve(undefined));
      request.once('response', (response) => {
        const isStream = response.statusCode === 200 && typeIn(response) === 'text/event-stream';
        if (!isStream) response.resume();
        resolve(isStream ? response : undefined);
      });
      request.end();
    });
  }

  async #openSdk(): Promise<StreamableHTTPClientTransport> {
    const { StreamableHTTPClientTransport: SdkTransport } = await import('@modelcontextprotocol/client');
    const { url, headers, authorization } = this.#endpoint;
    const session = this.#sessionId === undefined ? {} : { sessionId: this.#sessionId };
    const protocol = this.#protocol === undefined ? {} : { protocolVersion: this.#protocol };
    const sdk = new SdkTransport(url, {
      requestInit: { headers: { ...headers } },
      ...(authorization ? { fetch: authorizedFetch(authorization) } : {}),
      ...session,
      ...protocol,
    });
    sdk.onmessage = (message) => this.onmessage?.(message);
    await sdk.start();
    return sdk;
  }
}

/** What the newer era wants to have in headers too. */
function headersOf(message: JSONRPCMessage): Record<string, string> {
  const protocol = protocolIn(message);
  if (protocol === undefined || !('method' in message)) return {};
  const name = nameIn(message);
  return {
    'mcp-protocol-version': protocol,
    'mcp-method': message.method,
    ...(name === undefined ? {} : { 'mcp-name': name }),
  };
}
