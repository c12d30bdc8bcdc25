import type { PatchbayErrorCode } from '../errors.ts';
import { deepestMessage, errorMessage, PatchbayError, systemErrorCode } from '../errors.ts';
import { isRecord } from '../json.ts';
import { printable } from '../untrusted-text.ts';

/** What an error message may name; of the key only where it comes from and how it ends. */
export interface ProviderContext {
  /** The provider's name for people, such as `OpenAI`. */
  readonly label: string;
  readonly model: string;
  readonly baseUrl: string;
  /** Environment variable that holds the key. */
  readonly keyVariable: string;
  readonly key?: string;
}

const MAX_DETAIL_CHARS = 400;

const NO_CREDIT = /insufficient_quota|spend_limit|billing|credit balance/i;
const CONTEXT_FULL = /context.length|too long|maximum context/i;
const NO_TOOLS = /does(n't| not) support (tools|tool|function)/i;
const PROMPT_THEM =
  'Use another model, or set PATCHBAY_TOOL_CALLING=prompted in .env, which describes the tools in the prompt.';
const MIN_NAMED_KEY_CHARS = 20;

/** Codes of a connection that never came about, unlike those of one that broke. */
const NOT_REACHED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|.*CERT.*|UNABLE_TO_.*)$/;

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
  // The SDKs' own classes are not loaded here, and one of them names them all `Error`.
  const kind = error instanceof Error ? error.constructor.name : '';
  const systemCode = kind === 'APIConnectionTimeoutError' ? 'ETIMEDOUT' : systemErrorCode(error);
  const isUnreached = systemCode === undefined ? kind === 'APIConnectionError' : NOT_REACHED.test(systemCode);
  if (isUnreached) return unreachable(systemCode ?? deepestMessage(error), error, context);
  return brokenOff(systemCode ?? detail(error), error, context);
}

/** An answer that had begun. */
function brokenOff(why: string, error: unknown, context: ProviderContext): PatchbayError {
  const told = providerCode(error);
  const [, code = 'MODEL_FAILED'] = IN_MID_STREAM.find(([pattern]) => pattern.test(told)) ?? [];
  if (code === 'MODEL_NO_CREDIT') return noCredit(error, context);
  if (code === 'MODEL_CONTEXT_FULL') return contextFull(why, error);
  return new PatchbayError(code, `${context.label} broke off the answer: ${why}`, {
    hint: code === 'MODEL_FAILED' ? 'Ask again.' : 'Ask again in a while.',
    cause: error,
  });
}

function fromStatus(status: number, error: unknown, context: ProviderContext): PatchbayError {
  const { label, model, baseUrl } = context;
  const text = detail(error);
  const code = codeOf(status, `${providerCode(error)} ${text}`);
  switch (code) {
    case 'MODEL_AUTH':
      return keyRefused(status, error, context);
    case 'MODEL_RATE_LIMITED':
      return rateLimited(error, context);
    case 'MODEL_CONTEXT_FULL':
      return contextFull(text, error);
    case 'MODEL_NOT_FOUND':
      return new PatchbayError(code, `${label} has no model "${model}" at ${baseUrl}: ${text}`, {
        hint: 'Check its name and the base URL.',
        cause: error,
      });
    case 'MODEL_NO_CREDIT':
      return noCredit(error, context);
    case 'MODEL_OVERLOADED':
      return new PatchbayError(code, `${label} answered HTTP ${status}: ${text}`, {
        hint: 'The trouble is at the provider: try again later.',
        cause: error,
        retryAfterMs: retryAfterMs(error),
      });
    case 'MODEL_FAILED':
      return new PatchbayError(code, `${label} answered HTTP ${status}: ${text}`, {
        hint: NO_TOOLS.test(text) ? PROMPT_THEM : olderProxy(context),
        cause: error,
      });
    default:
      return code satisfies never;
  }
}

/** `about` is what the provider says of it, code and text. */
function codeOf(status: number, about: string) {
  if (status === 401 || status === 403) return 'MODEL_AUTH';
  if (status === 404) return 'MODEL_NOT_FOUND';
  if (status === 402 || NO_CREDIT.test(about)) return 'MODEL_NO_CREDIT';
  if (status === 429) return 'MODEL_RATE_LIMITED';
  if (status === 413 || (status === 400 && CONTEXT_FULL.test(about))) return 'MODEL_CONTEXT_FULL';
  if ([408, 409].includes(status) || status >= 500) return 'MODEL_OVERLOADED';
  return 'MODEL_FAILED';
}

/** The request is larger than the model's context, however the provider says so. */
export function contextFull(text: string, cause?: unknown): PatchbayError {
  return new PatchbayError('MODEL_CONTEXT_FULL', `The conversation no longer fits the model: ${text}`, {
    hint: 'In the chat, /compact shortens the conversation and /clear starts a new one; /export keeps it first.',
    cause,
  });
}

/** The provider stopped the answer for what is in it, or in the question. */
export function refused(why?: string): PatchbayError {
  const said = why === undefined ? '' : `: ${printable(why).slice(0, MAX_DETAIL_CHARS)}`;
  return new PatchbayError('MODEL_FAILED', `The model refused to answer${said}`, {
    hint: 'Ask in another way, or use another model.',
  });
}

function keyRefused(status: number, error: unknown, context: ProviderContext): PatchbayError {
  const { label, keyVariable, baseUrl, key = '' } = context;
  const what = status === 401 ? 'rejected the key' : 'does not let this key do that';
  // Enough to tell one's keys apart, and too little to be of use.
  const which = key.length >= MIN_NAMED_KEY_CHARS ? `, key ending …${key.slice(-4)}` : '';
  const older = olderProxy(context);
  const check = `Check ${keyVariable} in .env; a key of one provider does not work at another. Base URL: ${baseUrl}`;
  return new PatchbayError('MODEL_AUTH', `${label} ${what} (HTTP ${status}${which}): ${detail(error)}`, {
    hint: older === undefined ? check : `${check}. ${older}`,
    cause: error,
  });
}

function noCredit(error: unknown, { label }: ProviderContext): PatchbayError {
  const said = `${label} says: ${detail(error)}`;
  return new PatchbayError('MODEL_NO_CREDIT', `No credit left: retrying will not help. ${said}`, {
    hint: 'Check your plan and what you have paid for, or use another model.',
    cause: error,
  });
}

function rateLimited(error: unknown, { label }: ProviderContext): PatchbayError {
  const waitMs = retryAfterMs(error);
  const wait = waitMs === undefined ? 'Wait a little' : `Wait ${Math.ceil(waitMs / 1000)} s, as it asks`;
  return new PatchbayError('MODEL_RATE_LIMITED', `${label} is limiting requests: ${detail(error)}`, {
    hint: `${wait}, use another model, or check your plan.`,
    cause: error,
    retryAfterMs: waitMs,
  });
}

/** What to try with a proxy in front of Anthropic that was written before the API's revision of 2026-10-21. */
function olderProxy({ label, baseUrl }: ProviderContext): string | undefined {
  const isProxy = label === 'Anthropic' && !baseUrl.includes('anthropic.com');
  return isProxy ? 'If that is an older proxy, set ANTHROPIC_LEGACY=1.' : undefined;
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
  return new PatchbayError('MODEL_UNREACHABLE', `Cannot reach ${label} at ${baseUrl} (${code})`, {
    hint: /CERT|UNABLE_TO/.test(code) ? UNTRUSTED : isLocal ? notRunning(label) : OFFLINE,
    cause: error,
  });
}

const UNTRUSTED =
  'Its certificate is not trusted, as behind a proxy that reads along: NODE_EXTRA_CA_CERTS=/path/to/ca.pem adds one.';
const OFFLINE = 'Check the network, a proxy, and the base URL.';

function notRunning(label: string): string {
  return label === 'Ollama'
    ? 'Is Ollama running? "ollama serve" starts it.'
    : 'Is the local model server running?';
}

/** The provider's own sentence: the SDKs put the whole body into the message, HTML pages included. */
function detail(error: unknown): string {
  const own = field(innerError(error), 'message');
  const text = typeof own === 'string' ? own : withoutMarkup(errorMessage(error));
  return printable(text).replaceAll(/\s+/g, ' ').trim().slice(0, MAX_DETAIL_CHARS);
}

/** Of an HTML page its title, which says what its body says again. */
function withoutMarkup(text: string): string {
  const title = /<title>([^<]+)<\/title>/i.exec(text)?.[1];
  return title ?? text.replaceAll(/<[^>]*>/g, ' ');
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
