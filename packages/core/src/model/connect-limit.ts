import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Environment } from '../config/expand-variables.ts';
import { ifSet } from '../config/expand-variables.ts';
import { PatchbayError } from '../errors.ts';
import { isRecord } from '../json.ts';

/** Node's own limit is 10 s, which nothing but another HTTP client changes. */
const CONNECT_TIMEOUT_MS = 5000;

/**
 * How long a provider may take to take a connection, in milliseconds: `PATCHBAY_CONNECT_TIMEOUT_MS`, else 5 s. How long its
 * answer may take is another limit.
 *
 * @throws {PatchbayError} `CONFIG_INVALID` when that is no such number.
 */
export function connectTimeoutMs(env: Environment): number {
  const text = ifSet(env['PATCHBAY_CONNECT_TIMEOUT_MS']);
  if (text === undefined) return CONNECT_TIMEOUT_MS;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new PatchbayError(
    'CONFIG_INVALID',
    `PATCHBAY_CONNECT_TIMEOUT_MS is "${text}", which is no number of milliseconds`,
    { hint: 'It is how long a provider may take to take a connection, such as 5000.' },
  );
}

/**
 * `fetch`, but that a connection which has not come about after `limitMs` fails with `ETIMEDOUT`. It is given up only when
 * Node tells that it is still at it (undici's diagnostics channels): an answer that takes long is none of its business, and
 * neither is a proxy.
 */
export function connectingWithin(limitMs: number): typeof fetch {
  return async (input, init) => {
    const { host } = new URL(input instanceof Request ? input.url : input);
    using connecting = new Connecting(host);
    const late = new AbortController();
    const giveUp = (): void => {
      if (connecting.count > 0) late.abort(timedOut(host, limitMs));
    };
    const timer = setTimeout(giveUp, limitMs);
    const signals = [init?.signal, late.signal].filter((signal) => signal instanceof AbortSignal);
    try {
      return await fetch(input, { ...init, signal: AbortSignal.any(signals) });
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Counts the connections to a host that are being made, from now on. */
class Connecting implements Disposable {
  count = 0;
  readonly #begun: (message: unknown) => void;
  readonly #ended: (message: unknown) => void;

  constructor(host: string) {
    const isTo = (message: unknown): boolean => {
      const params = isRecord(message) ? message['connectParams'] : undefined;
      return isRecord(params) && params['host'] === host;
    };
    this.#begun = (message) => {
      if (isTo(message)) this.count += 1;
    };
    this.#ended = (message) => {
      if (isTo(message)) this.count -= 1;
    };
    subscribe('undici:client:beforeConnect', this.#begun);
    for (const end of ENDS) subscribe(end, this.#ended);
  }

  [Symbol.dispose](): void {
    unsubscribe('undici:client:beforeConnect', this.#begun);
    for (const end of ENDS) unsubscribe(end, this.#ended);
  }
}

const ENDS = ['undici:client:connected', 'undici:client:connectError'] as const;

function timedOut(host: string, limitMs: number): Error {
  const cause = Object.assign(new Error(`no connection in ${limitMs / 1000} s`), { code: 'ETIMEDOUT' });
  return new TypeError(`${host} takes no connection`, { cause });
}
