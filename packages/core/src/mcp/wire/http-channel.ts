import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { JSONRPCMessage, StreamableHTTPClientTransport, Transport } from '@modelcontextprotocol/client';
import type { Authorization } from '../../auth/authorization.ts';
import { mayResend } from '../../auth/authorized-fetch.ts';
import { AnswerStreams } from './answer-streams.ts';
import { EventStream } from './event-stream.ts';
import type { Settle } from './http-body.ts';
import { drain, read, textReader, typeIn } from './http-body.ts';
import type { HeaderList } from './http-client.ts';
import { HttpClient } from './http-client.ts';
import type { Channel } from './message.ts';
import { headersOf } from './message-headers.ts';
import { isMessage, MAX_MESSAGE_BYTES, nameIn, parsed, protocolIn } from './message.ts';
import type { HttpEndpoint } from './sdk-http.ts';
import { openSdkHttp } from './sdk-http.ts';
import { HttpAnswerError, NotSentError } from './wire-errors.ts';

/** How long a server may take to hear that its session is over, in milliseconds. */
const FAREWELL_MS = 1000;
/** How long a server may be silent when it is told something, in milliseconds. */
const NOTICE_MS = 60_000;
/** How often in a row a stream is asked for that does not come. */
const MAX_RETRIES = 2;
/** What can stand in a header as it is. */
const PLAIN = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;

const ANY_ANSWER = 'application/json, text/event-stream';

/** What was sent, and what came. */
interface Exchange {
  readonly message: JSONRPCMessage;
  readonly token: string | undefined;
  readonly response: IncomingMessage;
}

/**
 * Streamable HTTP on connections that are kept, without `fetch`. Redirects, and what the SDK's own client sends, go
 * through the SDK's transport, which shares the session.
 */
export class HttpChannel implements Channel {
  onclose?: () => void;
  problem?: string | undefined;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly hasPerRequestStream = true;
  readonly #endpoint: HttpEndpoint;
  readonly #client: HttpClient;
  readonly #end = new AbortController();
  readonly #streams = new AnswerStreams();
  #sessionId: string | undefined;
  #protocol: string | undefined;
  #sdk: StreamableHTTPClientTransport | undefined;

  constructor(endpoint: HttpEndpoint) {
    this.#endpoint = endpoint;
    this.#client = new HttpClient(endpoint);
  }

  get #isClosed(): boolean {
    return this.#end.signal.aborted;
  }

  get sessionId(): string | undefined {
    return this.#sessionId ?? this.#sdk?.sessionId;
  }

  setProtocolVersion(version: string): void {
    this.#protocol = version;
    this.#sdk?.setProtocolVersion(version);
  }

  async start(): Promise<void> {
    await this.#client.start();
    await this.#endpoint.authorization?.token();
  }

  /** Resolves when the answer has been handed on to its end. */
  send(message: JSONRPCMessage): Promise<void> {
    const name = nameIn(message);
    if (name !== undefined && !PLAIN.test(name)) return this.passOn(message);
    const token = this.#endpoint.authorization?.heldToken;
    return new Promise((resolve, reject) => {
      const onResponse = (response: IncomingMessage): void =>
        this.#take({ response, message, token }, { resolve, reject });
      this.#post({ message, token }, { resolve: onResponse, reject });
    });
  }

  #take(exchange: Exchange, settle: Settle<void>): void {
    const { authorization } = this.#endpoint;
    const { statusCode } = exchange.response;
    if (authorization && (statusCode === 401 || statusCode === 403))
      this.#takeRefusal(exchange, authorization).then((last) => this.#receive(last, settle), settle.reject);
    else this.#receive(exchange, settle);
  }

  /** Sends a message again for as long as there is another token for it. */
  async #takeRefusal(refused: Exchange, authorization: Authorization): Promise<Exchange> {
    const { message } = refused;
    let { response, token } = refused;
    for (let renewals = 0; ; renewals += 1) {
      const { statusCode: status = 0, headers } = response;
      const answer = { status, header: headers['www-authenticate'] ?? null, token };
      if (!(await mayResend(authorization, answer, renewals))) return { message, token, response };
      response.resume();
      token = authorization.heldToken;
      response = await new Promise((resolve, reject) => this.#post({ message, token }, { resolve, reject }));
    }
  }

  #post(
    { message, token }: Omit<Exchange, 'response'>,
    { resolve, reject }: { resolve: (response: IncomingMessage) => void; reject: (error: unknown) => void },
  ): void {
    const body = JSON.stringify(message);
    const headers = [
      ...this.#headers(ANY_ANSWER, protocolIn(message)),
      ...headersOf(message),
      'content-type',
      'application/json',
      'content-length',
      String(Buffer.byteLength(body)),
    ];
    const key = 'id' in message ? message.id : undefined;
    const timeout = key === undefined ? NOTICE_MS : undefined;
    const request = this.#client.open({ method: 'POST', headers, token, key, timeout });
    request.on('error', reject);
    request.once('response', resolve);
    request.end(body);
  }

  async passOn(...[message, options]: Parameters<Transport['send']>): Promise<void> {
    const sdk = (this.#sdk ??= await this.#openSdk());
    if (this.#isClosed) throw new NotSentError('Not connected');
    await sdk.send(message, options);
  }

  drop(id: number): void {
    this.#streams.finish(id);
    this.#client.drop(id);
  }

  /** A server that keeps sessions keeps this one until it hears of its end. It has no say in ours. */
  async farewell(): Promise<void> {
    if (this.sessionId === undefined) return;
    const headers = this.#headers(ANY_ANSWER);
    const token = this.#endpoint.authorization?.heldToken;
    await this.#client.tell({ method: 'DELETE', headers, token }, FAREWELL_MS);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#end.abort();
    this.#client.close();
    await this.#sdk?.close();
    this.onclose?.();
  }

  /** What every request has, from one that says itself which `protocol` it speaks to one that speaks what was agreed on. */
  #headers(accept: string, protocol = this.#protocol): HeaderList {
    const { sessionId } = this;
    return [
      'accept',
      accept,
      ...(sessionId === undefined ? [] : ['mcp-session-id', sessionId]),
      ...(protocol === undefined ? [] : ['mcp-protocol-version', protocol]),
    ];
  }

  #receive({ response, message }: Exchange, settle: Settle<void>): void {
    const { statusCode: status = 0 } = response;
    if (status >= 300 && status < 400) {
      response.resume();
      return settle.resolve(this.passOn(message));
    }
    const id = 'id' in message ? message.id : undefined;
    if (status < 400 && id !== undefined) return this.#answered(response, id, settle);
    const onText = (body: string): void | Promise<void> => {
      if (status >= 400) return this.#refused(message, { status, body });
      if ('method' in message && message.method === 'notifications/initialized') return this.#beginToListen();
    };
    read(response, textReader(onText), settle);
  }

  #answered(response: IncomingMessage, id: string | number, settle: Settle<void>): void {
    const session = response.headers['mcp-session-id'];
    if (typeof session === 'string') this.#sessionId = session;
    const type = typeIn(response);
    if (type === 'text/event-stream') return this.#stream(response, id, settle);
    const onText = (body: string): void => {
      if (type === 'application/json') return this.#deliver(JSON.parse(body));
      const { statusCode: status = 0 } = response;
      throw new HttpAnswerError(`Unexpected content type: ${type ?? 'none'}`, { status, body });
    };
    read(response, textReader(onText), settle);
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
  #stream(response: IncomingMessage, id: string | number, { resolve, reject }: Settle<void>): void {
    const stream = this.#streams.add(id, response);
    const events = new EventStream(MAX_MESSAGE_BYTES, (data) => {
      const message = parsed(data);
      if (!isMessage(message)) return;
      if (!('method' in message) && message.id === id) this.#streams.finish(id);
      this.onmessage?.(message);
    });
    const onChunk = (chunk: Buffer): void => events.push(chunk);
    const leave = (): void => this.#streams.delete(stream);
    const onEnd = (): Promise<void> | undefined => {
      if (events.lastId !== undefined && !stream.isOver)
        return this.#follow(events, { id, isOver: () => stream.isOver }).finally(leave);
      leave();
      return undefined;
    };
    const onBroken = (error: unknown): void => {
      if (events.lastId !== undefined || stream.isOver) return resolve(onEnd());
      leave();
      reject(error);
    };
    read(response, { onChunk, onEnd }, { resolve, reject: onBroken });
  }

  /**
   * Asks for the stream ahead of all else: what a server says before it is there, such as a question in the first call, is
   * lost with some. For that the connection has to be free again, as a new one would come too late.
   */
  #beginToListen(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(() => {
        if (!this.#isClosed) void this.#listen();
        resolve();
      });
    });
  }

  /** What a server of the older era says unasked, where it has a stream for that. */
  async #listen(): Promise<void> {
    const events = new EventStream(MAX_MESSAGE_BYTES, (data) => this.#deliver(parsed(data)));
    const response = await this.#get(undefined);
    if (!response) return;
    await drain(response, (chunk) => events.push(chunk));
    await this.#follow(events, { isOver: () => false });
  }

  /** Goes on with a stream that has ended, from its last event, until it is over or does not come any more. */
  async #follow(
    events: EventStream,
    { id, isOver }: { readonly id?: string | number; readonly isOver: () => boolean },
  ): Promise<void> {
    for (let failures = 0; failures < MAX_RETRIES && !isOver() && !this.#isClosed;) {
      await delay(events.pauseMs(failures), undefined, { signal: this.#end.signal }).catch(() => undefined);
      if (this.#isClosed || isOver()) return;
      const response = await this.#get(events.lastId, id);
      failures = response ? 0 : failures + 1;
      if (response) await drain(response, (chunk) => events.push(chunk));
    }
  }

  /** Opens a stream of events; `undefined` where the server has none. */
  async #get(lastId: string | undefined, key?: string | number): Promise<IncomingMessage | undefined> {
    // An id that cannot stand in a header cannot be asked for.
    const from = lastId === undefined || !PLAIN.test(lastId) ? [] : ['last-event-id', lastId];
    const headers = [...this.#headers('text/event-stream'), ...from];
    const token = this.#endpoint.authorization?.heldToken;
    return new Promise((resolve) => {
      const request = this.#client.open({ method: 'GET', headers, token, key });
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
    const agreed = { sessionId: this.#sessionId, protocol: this.#protocol };
    const sdk = await openSdkHttp(this.#endpoint, agreed);
    sdk.onmessage = (message) => this.onmessage?.(message);
    await sdk.start();
    return sdk;
  }
}
