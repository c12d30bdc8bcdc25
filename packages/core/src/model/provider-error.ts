import type { PatchbayErrorCode } from '../errors.ts';
import { errorMessage, PatchbayError, systemErrorCode } from '../errors.ts';
import { isRecord } from '../json.ts';
import { printable } from '../untrusted-text.ts';

/** What an error message may name: never the key itself, only where it comes from. */
export interface ProviderContext {
  /** The provider's name for people, such as `OpenAI`. */
  readonly label: string;
  readonly model: string;
  readonly baseUrl: string;
  /** Environment variable that holds the key. */
  readonly keyVariable: string;
}

const MAX_DETAIL_CHARS = 400;

const NO_CREDIT = /insufficient_quota|spend_limit|billing|credit balance/i;
const CONTEXT_FULL = /context.length|too long|maximum context/i;

/** Codes of a connection that never came about, unlike those of one that broke. */
const NOT_REACHED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|.*CERT.*)$/;

/** What a provider's own code means where no status tells: the response has begun with 200 by then. */
const IN_MID_STREAM: readonly (readonly [RegExp, PatchbayErrorCode])[] = [
  [NO_CREDIT, 'MODEL_NO_CREDIT'],
  [CONTEXT_FULL, 'MODEL_CONTEXT_FULL'],
  [/rate_limit/, 'MODEL_RATE_LIMITED'],
  [/overloaded|server_error|slow_down/, 'MODEL_OVERLOADED'],
];

/**
 * What went wrong at a provider, with what to do. Both SDKs throw errors with `status`, and with the system's error
 * as their `cause` when there was no answer; they are told apart by that, so that no SDK has to be loaded for it.
 */
export function toModelError(error: unknown, context: ProviderContext): PatchbayError {
  if (error instanceof PatchbayError) return error;
  const status = field(error, 'status');
  if (typeof status === 'number') return fromStatus(status, error, context);
  const isTimeout = error instanceof Error && error.name === 'APIConnectionTimeoutError';
  const refused = isTimeout ? 'ETIMEDOUT' : systemErrorCode(error);
  if (refused !== undefined && NOT_REACHED.test(refused)) return unreachable(refused, error, context);
  const text = `${context.label} broke off the answer: ${refused ?? detail(error)}`;
  const code = providerCode(error);
  const known = IN_MID_STREAM.find(([pattern]) => pattern.test(code));
  return known ? new PatchbayError(known[1], text, { cause: error }) : failed(text, error);
}

function fromStatus(status: number, error: unknown, context: ProviderContext): PatchbayError {
  const { label, model, baseUrl } = context;
  const text = detail(error);
  if (status === 401 || status === 403) return keyRefused(status, error, context);
  if (status === 404) {
    return new PatchbayError('MODEL_NOT_FOUND', `${label} has no model "${model}" at ${baseUrl}: ${text}`, {
      hint: 'Name another one with --model or PATCHBAY_MODEL, or check the base URL.',
      cause: error,
    });
  }
  if (status === 402 || NO_CREDIT.test(`${providerCode(error)} ${text}`)) {
    return new PatchbayError('MODEL_NO_CREDIT', `${label} has no credit left for this key: ${text}`, {
      hint: 'Asking again will not help: check your plan.',
      cause: error,
    });
  }
  if (status === 429) {
    return new PatchbayError('MODEL_RATE_LIMITED', `${label} is limiting requests: ${text}`, {
      hint: 'Wait a little, use another model, or check your plan.',
      cause: error,
      retryAfterMs: retryAfterMs(error),
    });
  }
  if (status === 400 && CONTEXT_FULL.test(`${providerCode(error)} ${text}`)) {
    return new PatchbayError('MODEL_CONTEXT_FULL', `The conversation no longer fits the model: ${text}`, {
      hint: '/clear starts a new conversation.',
      cause: error,
    });
  }
  if (status === 408 || status === 409 || status >= 500) {
    return new PatchbayError('MODEL_OVERLOADED', `${label} answered HTTP ${status}: ${text}`, {
      hint: 'The trouble is at the provider: try again later.',
      cause: error,
      retryAfterMs: retryAfterMs(error),
    });
  }
  return failed(`${label} answered HTTP ${status}: ${text}`, error);
}

function keyRefused(
  status: 401 | 403,
  error: unknown,
  { label, keyVariable, baseUrl }: ProviderContext,
): PatchbayError {
  const what = status === 401 ? 'rejected the key' : 'does not let this key do that';
  return new PatchbayError('MODEL_AUTH', `${label} ${what} (HTTP ${status}): ${detail(error)}`, {
    hint: `Check ${keyVariable} in .env; a key of one provider does not work at another. Base URL: ${baseUrl}`,
    cause: error,
  });
}

/** `Retry-After` is a number of seconds or a date. */
function retryAfterMs(error: unknown): number | undefined {
  const headers = field(error, 'headers');
  const value = headers instanceof Headers ? headers.get('retry-after') : null;
  if (value === null) return undefined;
  const ms = /^[\d.]+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/** The provider's own code or type of error. */
function providerCode(error: unknown): string {
  const inner = innerError(error);
  const details = field(inner, 'details');
  return [field(inner, 'code'), field(inner, 'type'), field(details, 'error_code')].filter(Boolean).join(' ');
}

function unreachable(code: string, error: unknown, { label, baseUrl }: ProviderContext): PatchbayError {
  const isLocal = /\/\/(localhost|127\.|\[::1\])/.test(baseUrl);
  const hint = isLocal
    ? 'Is the local model server running?'
    : 'Check the network, a proxy, and the base URL.';
  return new PatchbayError('MODEL_UNREACHABLE', `Cannot reach ${label} at ${baseUrl} (${code})`, {
    hint,
    cause: error,
  });
}

function failed(message: string, cause: unknown): PatchbayError {
  return new PatchbayError('MODEL_FAILED', message, { cause });
}

/** The provider's own sentence: the SDKs put the whole body into the message, HTML pages included. */
function detail(error: unknown): string {
  const own = field(innerError(error), 'message');
  const text = typeof own === 'string' ? own : errorMessage(error).replaceAll(/<[^>]*>/g, ' ');
  return printable(text).replaceAll(/\s+/g, ' ').trim().slice(0, MAX_DETAIL_CHARS);
}

/** The error object of the body: OpenAI's SDK unwraps it, Anthropic's does not. */
function innerError(error: unknown): unknown {
  const body = field(error, 'error');
  return field(body, 'error') ?? body;
}

function field(value: unknown, name: string): unknown {
  if (isRecord(value)) return value[name];
  return undefined;
}
