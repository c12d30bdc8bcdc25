import { Agent, interceptors } from 'undici';
import type { Dispatcher, RetryHandler } from 'undici';
import { retryUntil } from './undici-retry.ts';
import type { Refusal, Upstream } from './upstream.ts';
import { connectionError, formatError, statusError } from './upstream.ts';

export type { Refusal, Upstream } from './upstream.ts';
export { answerWithin } from './answer-within.ts';
export { connectionError, formatError, rateLimitError, statusError } from './upstream.ts';
export { retryAfterSeconds } from './undici-retry.ts';

/** Time for name lookup, TCP and TLS together: a missing network must show at once. In milliseconds. */
const CONNECT_TIMEOUT_MS = 2000;

export interface HttpClientOptions {
  /** For one request with its retries, in milliseconds. */
  readonly timeoutMs: number;
  /** Who asks: services answer less to those who do not say it. */
  readonly userAgent: string;
  /** Largest answer that is read. */
  readonly maxBytes: number;
  /** Most connections to one host. Default: as many as there are requests. */
  readonly maxConnections?: number;
}

export interface HttpAnswer extends Refusal {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** GETs from public services. Errors are coded `ToolError`s that name the service. */
export interface HttpClient extends AsyncDisposable {
  /**
   * One request for a text, whatever its status, without retries.
   *
   * @throws {ToolError} `NETWORK`, `TIMEOUT`, `UPSTREAM`, or `UPSTREAM_FORMAT` for what is too long.
   */
  get(url: URL, options: { readonly upstream: Upstream; readonly signal: AbortSignal }): Promise<HttpAnswer>;
  /**
   * A JSON document, with up to three tries within the time limit.
   *
   * @throws {ToolError} The same, `RATE_LIMITED`, and what the service explains.
   */
  getJson(url: URL, upstream: Upstream): Promise<unknown>;
}

interface Asked {
  readonly url: URL;
  readonly upstream: Upstream;
  readonly signal: AbortSignal;
  /** For the interceptor. */
  readonly retryOptions?: RetryHandler.RetryOptions;
}

/** An HTTP client bounded in time, size and connections, without redirects, proxies and cookies. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { timeoutMs, userAgent, maxBytes, maxConnections } = options;
  const agent = new Agent({
    allowH2: false,
    ...(maxConnections !== undefined && { connections: maxConnections }),
    connect: { timeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: maxBytes,
  });
  const retrying = agent.compose(interceptors.retry({ throwOnError: false }));

  async function request(dispatcher: Dispatcher, { url, upstream, ...more }: Asked): Promise<HttpAnswer> {
    try {
      const { statusCode, headers, body } = await dispatcher.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'GET',
        headers: { 'user-agent': userAgent },
        ...more,
      });
      const text = await body.text();
      return { status: statusCode, headers, retryAfter: headers['retry-after'], text };
    } catch (error) {
      throw connectionError(upstream, error, { host: url.host, timeoutMs, maxBytes });
    }
  }

  return {
    get: (url, asked) => request(agent, { url, ...asked }),
    async getJson(url, upstream) {
      const retryOptions: RetryHandler.RetryOptions = { retry: retryUntil(Date.now() + timeoutMs) };
      const signal = AbortSignal.timeout(timeoutMs);
      const answer = await request(retrying, { url, upstream, signal, retryOptions });
      if (answer.status !== 200) throw statusError(upstream, answer, url.host);
      try {
        return JSON.parse(answer.text);
      } catch (error) {
        throw formatError(upstream, 'it is not JSON', error);
      }
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}
