import type { JSONRPCMessage } from '@modelcontextprotocol/client';
import { isRecord } from '../../json.ts';
import type { ToolProgress } from '../../tools.ts';
import { uptimeMs } from '../../uptime.ts';
import type { Questions } from '../questions.ts';
import type { Channel } from './message.ts';
import { UnderWay } from './under-way.ts';
import { ConnectionLostError, NoAnswerError, NotSentError, RemoteError } from './wire-errors.ts';

/** Ids of the requests made here. The SDK's client, on the same connection, counts its own from 0. */
const FIRST_ID = 2 ** 30;

export type Fields = Readonly<Record<string, unknown>>;

export interface RequestOptions {
  /** Longest silence, in milliseconds; progress starts it anew, and it stands still while the user is asked. */
  readonly timeoutMs: number;
  /** Longest time in all, in milliseconds, which nothing moves. */
  readonly maxTotalMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Hears the server's progress, for which it is asked then. */
  readonly onProgress?: ((progress: ToolProgress) => void) | undefined;
}

interface Pending {
  readonly id: number;
  readonly method: string;
  readonly options: RequestOptions;
  readonly resolve: (result: Fields) => void;
  readonly reject: (error: unknown) => void;
  readonly onAbort: (() => void) | undefined;
  /** When its silence, and all of it, will have been too long. */
  silentAt: number;
  readonly overAt: number;
}

/**
 * Requests and their answers over one channel: what nearly all traffic is, at the least cost. Of an answer only its
 * frame is checked. Everything else that comes, such as what a server asks, goes to `onforeign`.
 */
export class Wire {
  readonly channel: Channel;
  /** What each request says of its sender, in the newer era. */
  envelope: Fields | undefined;
  /** Hears what is no answer to a request made here. */
  onforeign: ((message: JSONRPCMessage) => void) | undefined;
  /** Hears once that the connection has ended, from whichever side. */
  onclose: (() => void) | undefined;
  readonly #questions: Questions;
  readonly #pending = new UnderWay<Pending>();
  readonly #listeners = new Map<string, (params: Fields) => void>();
  #nextId = FIRST_ID;
  #isClosed = false;
  #whenIdle: (() => void) | undefined;
  /** One timer for all limits, set to the first of them that may pass. */
  #sweep: NodeJS.Timeout | undefined;
  #sweepAt = Infinity;

  constructor(channel: Channel, questions: Questions) {
    this.channel = channel;
    this.#questions = questions;
    channel.onmessage = (message: JSONRPCMessage) => this.#receive(message);
    channel.onclose = () => this.#close();
  }

  /**
   * Resolves with the result. Rejects with {@link RemoteError}, {@link NoAnswerError}, {@link NotSentError},
   * {@link ConnectionLostError}, what the channel has, or the reason of `signal`.
   */
  request(method: string, params: Fields, options: RequestOptions): Promise<Fields> {
    return new Promise((resolve, reject) => {
      const { signal, timeoutMs, maxTotalMs = Infinity } = options;
      if (this.#isClosed) return reject(new NotSentError('Not connected'));
      if (signal?.aborted) return reject(signal.reason);
      const id = this.#nextId++;
      const now = uptimeMs();
      const onAbort = signal ? () => this.#giveUp(id, signal.reason) : undefined;
      if (onAbort) signal?.addEventListener('abort', onAbort, { once: true });
      const silentAt = now + timeoutMs;
      const overAt = now + maxTotalMs;
      this.#pending.set(id, { id, method, options, resolve, reject, onAbort, silentAt, overAt });
      this.#expect(silentAt < overAt ? silentAt : overAt);
      this.#post(id, {
        jsonrpc: '2.0',
        id,
        method,
        params: this.#withMeta(params, options.onProgress ? id : undefined),
      });
    });
  }

  /** Tells the server something. Where that fails, the connection is about to say so itself. */
  async notify(method: string, params: Fields = {}): Promise<void> {
    const message: JSONRPCMessage = { jsonrpc: '2.0', method, params: this.#withMeta(params, undefined) };
    // What comes next need not wait for it, as it comes after it on the same line.
    if (this.channel.post) this.channel.post(message, 'busy', () => undefined);
    else await this.channel.send(message);
  }

  /** Calls `listener` with what the server tells by this method. */
  on(method: string, listener: (params: Fields) => void): void {
    this.#listeners.set(method, listener);
  }

  /** Resolves when no request waits for its answer. */
  async idle(): Promise<void> {
    if (this.#pending.size > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve));
  }

  #post(id: number, message: JSONRPCMessage): void {
    const onFailed = (error: unknown): void => this.#take(id)?.reject(error);
    const traffic = this.#pending.size > 1 ? 'busy' : 'alone';
    try {
      if (this.channel.post) this.channel.post(message, traffic, onFailed);
      else this.channel.send(message).then(() => this.#sent(id), onFailed);
    } catch (error) {
      // It cannot be written as JSON: a number that is too large for it, or a circle.
      onFailed(error);
    }
  }

  /** In the newer era each answer has a stream of its own: one that ended without it will not bring it any more. */
  #sent(id: number): void {
    if (this.envelope && this.channel.hasPerRequestStream)
      this.#take(id)?.reject(new ConnectionLostError('the answer broke off'));
  }

  #withMeta(params: Fields, progressToken: number | undefined): Record<string, unknown> {
    const own = params['_meta'];
    if (own === undefined && !this.envelope)
      return progressToken === undefined ? { ...params } : { ...params, _meta: { progressToken } };
    const meta = { ...this.envelope, ...(isRecord(own) ? own : undefined) };
    return { ...params, _meta: progressToken === undefined ? meta : { ...meta, progressToken } };
  }

  #receive(message: JSONRPCMessage): void {
    if ('method' in message) {
      if (!('id' in message) && this.#hear(message.method, message.params ?? {})) return;
      this.onforeign?.(message);
      return;
    }
    const id = numberIn(message.id);
    const pending = id === undefined ? undefined : this.#take(id);
    if (pending) settle(pending, message);
    else this.onforeign?.(message);
  }

  /** Whether a notification was for a request made here, and for nobody else. */
  #hear(method: string, params: Fields): boolean {
    if (method === 'notifications/progress') return this.#progressed(params);
    this.#listeners.get(method)?.(params);
    return false;
  }

  #progressed({ progressToken, progress, total, message }: Fields): boolean {
    const id = numberIn(progressToken);
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (!pending) return false;
    pending.silentAt = uptimeMs() + pending.options.timeoutMs;
    if (typeof progress === 'number') {
      tell(pending.options.onProgress, {
        progress,
        ...(typeof total === 'number' ? { total } : {}),
        ...(typeof message === 'string' ? { message } : {}),
      });
    }
    return true;
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (!pending) return undefined;
    this.#pending.delete(id);
    if (pending.onAbort) pending.options.signal?.removeEventListener('abort', pending.onAbort);
    if (this.#pending.size === 0) this.#whenIdle?.();
    return pending;
  }

  #giveUp(id: number, reason: unknown): void {
    const pending = this.#take(id);
    if (!pending) return;
    // What a server thinks of a question about itself is of no use to it.
    if (pending.method !== 'initialize' && pending.method !== 'server/discover') this.#cancel(id, reason);
    pending.reject(reason);
  }

  #cancel(id: number, reason: unknown): void {
    if (this.envelope && this.channel.drop) return this.channel.drop(id);
    this.notify('notifications/cancelled', { requestId: id, reason: String(reason) }).catch(() => undefined);
    // The answer may come for ever, on a connection that nobody else can have.
    this.channel.drop?.(id);
  }

  #expect(at: number): void {
    if (at >= this.#sweepAt) return;
    clearTimeout(this.#sweep);
    this.#sweepAt = at;
    this.#sweep = setTimeout(() => this.#expire(), at - uptimeMs()).unref();
  }

  #expire(): void {
    this.#sweepAt = Infinity;
    // A timer may be a fraction of a millisecond early.
    const now = uptimeMs() + 1;
    for (const pending of this.#pending.values()) {
      const { id } = pending;
      const { timeoutMs, maxTotalMs = Infinity } = pending.options;
      if (pending.silentAt <= now && this.#questions.areOpen) pending.silentAt = now + timeoutMs;
      if (pending.overAt <= now) this.#giveUp(id, new NoAnswerError(maxTotalMs));
      else if (pending.silentAt <= now) this.#giveUp(id, new NoAnswerError(timeoutMs));
      else this.#expect(Math.min(pending.silentAt, pending.overAt));
    }
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#sweep);
    for (const { id } of this.#pending.values()) {
      this.#take(id)?.reject(new ConnectionLostError('the connection closed'));
    }
    this.onclose?.();
  }
}

function settle({ method, resolve, reject }: Pending, answer: JSONRPCMessage): void {
  if ('error' in answer && answer.error !== null) reject(remoteError(answer.error));
  else if ('result' in answer && isRecord(answer.result)) resolve(answer.result);
  else reject(new RemoteError(`The server's answer to ${method} is not an object`));
}

/** A number that was sent. Some servers give it back as a text. */
function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? Number(value) : undefined;
}

/** What a caller's own function throws is its caller's: nothing of the connection is to end for it. */
function tell(listener: RequestOptions['onProgress'], progress: ToolProgress): void {
  try {
    listener?.(progress);
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}

/** An error as it came: its frame has not been checked. */
function remoteError(error: unknown): RemoteError {
  const { message, code, data }: Fields = isRecord(error) ? error : {};
  const text = typeof message === 'string' ? message : 'The server answered by an error that says nothing';
  return new RemoteError(text, { code, data });
}
