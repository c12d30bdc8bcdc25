import type { Agent, ClientRequest, RequestOptions } from 'node:http';
import { urlToHttpOptions } from 'node:url';
import type { Environment } from '../../config/expand-variables.ts';
import { UnderWay } from './under-way.ts';
import { NotSentError } from './wire-errors.ts';

export interface HttpTarget {
  readonly url: URL;
  /** What the configuration has every request carry. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where `NODE_USE_ENV_PROXY` and the proxies are read, as Node itself would. */
  readonly env: Environment;
}

/** Names and values by turns: Node sends such a list as it is, where of an object it looks at each name again. */
export type HeaderList = readonly string[];

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: HeaderList;
  /** Says who asks, in place of what the address says of that. */
  readonly token?: string | undefined;
  /** Under what it can be dropped. */
  readonly key?: string | number | undefined;
  /** Longest silence of the connection, in milliseconds, after which the request is broken off. */
  readonly timeout?: number | undefined;
}

type Sent = Pick<RequestOptions, 'method' | 'timeout'> & { readonly headers: string[] };

/** Headers that the protocol writes: the configuration has no say in them. */
const OF_THE_PROTOCOL =
  /^(accept|content-type|content-length|mcp-(session-id|protocol-version|method|name))$/;

/**
 * How long a connection is kept that nobody uses, in milliseconds: less than what lies between lets it live, which may drop it without
 * a word, so that a request on it would wait in vain. Servers that say how long they keep it are heard by Node.
 */
const IDLE_MS = 30_000;

/** Requests to one address, on connections that are kept. */
export class HttpClient {
  readonly #target: HttpTarget;
  readonly #idleMs: number;
  readonly #fixed: HeaderList;
  readonly #credentials: HeaderList;
  /** What is under way, by its key, or by a number below zero where it has none. */
  readonly #running = new UnderWay<ClientRequest>();
  #lastWithoutKey = 0;
  #request: ((options: Sent) => ClientRequest) | undefined;
  #agent: Agent | undefined;

  constructor(target: HttpTarget, { idleMs = IDLE_MS }: { readonly idleMs?: number } = {}) {
    this.#target = target;
    this.#idleMs = idleMs;
    this.#fixed = fixedHeaders(target);
    const { auth } = urlToHttpOptions(target.url);
    this.#credentials =
      auth && !has(this.#fixed, 'authorization')
        ? ['authorization', `Basic ${Buffer.from(auth).toString('base64')}`]
        : [];
  }

  async start(): Promise<void> {
    const { url, env } = this.#target;
    const { Agent, request } =
      url.protocol === 'https:' ? await import('node:https') : await import('node:http');
    const proxy = env['NODE_USE_ENV_PROXY'] === '1' ? { proxyEnv: env } : {};
    const agent = new Agent({ keepAlive: true, timeout: this.#idleMs, ...proxy });
    const { hostname, port, path } = urlToHttpOptions(url);
    this.#agent = agent;
    // One shape, written out: spreading here takes longer than all the rest of it.
    this.#request = ({ method, headers, timeout }) =>
      request({ agent, hostname, port, path, method, headers, timeout });
  }

  /** @throws {NotSentError} before it was started, and once it is closed. */
  open({ method, headers, token, key, timeout }: HttpRequest): ClientRequest {
    if (!this.#request) throw new NotSentError('Not connected');
    const caller = token === undefined ? this.#credentials : ['authorization', `Bearer ${token}`];
    const request = this.#request({ method, headers: [...this.#fixed, ...caller, ...headers], timeout });
    const at = key ?? (this.#lastWithoutKey -= 1);
    this.#running.set(at, request);
    if (timeout !== undefined) request.once('timeout', () => request.destroy());
    return request.once('close', () => {
      // A message that was sent again has its key by now.
      if (this.#running.get(at) === request) this.#running.delete(at);
    });
  }

  /** Sends a request whose answer nobody needs, and waits for that no longer than `ms`, in which it may never end. */
  async tell(what: HttpRequest, ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const request = this.open(what);
      const limit = setTimeout(() => request.destroy(), ms);
      request.on('error', () => resolve());
      request.once('response', (response) => response.resume());
      request.once('close', () => {
        clearTimeout(limit);
        resolve();
      });
      request.end();
    });
  }

  drop(key: string | number): void {
    this.#running.get(key)?.destroy();
  }

  /** Breaks off what is under way. */
  close(): void {
    this.#request = undefined;
    for (const request of this.#running.values()) request.destroy();
    this.#agent?.destroy();
  }
}

/** What every request to an address has. */
function fixedHeaders({ url, headers }: HttpTarget): HeaderList {
  const configured = Object.entries(headers)
    .filter(([name]) => !OF_THE_PROTOCOL.test(name.toLowerCase()))
    .flat();
  return has(configured, 'host') ? configured : ['host', url.host, ...configured];
}

function has(headers: HeaderList, wanted: string): boolean {
  return headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === wanted);
}
