import { errorMessage, ToolError } from '../errors.ts';
import { oneLine } from '../plain-text.ts';
import { certificateProblem } from './certificate-problem.ts';
import { readConnectionFailure } from './connection-failure.ts';
import { retryAfterSeconds } from './undici-retry.ts';

/** An answer whose status is not the one that was hoped for. */
export interface Refusal {
  readonly status: number;
  readonly retryAfter: string | string[] | undefined;
  readonly text: string;
}

/** A service behind a tool, as far as its errors need it. */
export interface Upstream {
  /** As people know it: `Wikipedia`. */
  readonly name: string;
  /** The variable with the time limit of a call. */
  readonly timeoutSetting: string;
  /** What a model is to do when there is no network. */
  readonly offlineHint: string;
  /** What else helps when there were too many requests. */
  readonly rateHint?: string;
  /** What statuses mean that this service uses in a way of its own. */
  readonly explain?: (refusal: Refusal, host: string) => ToolError | undefined;
  /** The service's own reason in the text of a refusal. */
  readonly reasonOf?: (text: string) => string | undefined;
  /** Takes a key out of a text that the service may have echoed. */
  readonly redact?: (text: string) => string;
}

/** Says what a request without a whole answer failed of: `NETWORK`, `TIMEOUT`, `UPSTREAM_FORMAT` or `UPSTREAM`. */
export function connectionError(
  upstream: Upstream,
  error: unknown,
  { host, timeoutMs, maxBytes }: { host: string; timeoutMs: number; maxBytes: number },
): ToolError {
  const { name, offlineHint } = upstream;
  const { kind, code } = readConnectionFailure(error);
  if (kind === 'timeout') return timeoutError(upstream, timeoutMs, error);
  if (kind === 'unreachable') {
    return new ToolError(
      'NETWORK',
      `${host} (${name}) cannot be reached: there seems to be no network (${code})`,
      { hint: offlineHint, cause: error },
    );
  }
  const refused = certificateProblem(code);
  if (refused) {
    return new ToolError('NETWORK', `${host} (${name}) cannot be trusted: ${refused.what} (${code})`, {
      hint: refused.hint,
      cause: error,
    });
  }
  if (kind === 'too-long') {
    return formatError(upstream, `it is longer than ${Math.round(maxBytes / 1e6)} MB`, error);
  }
  const what =
    kind === 'broken'
      ? `${host} closed the connection without a whole answer`
      : `${host}: ${oneLine(errorMessage(error))}`;
  return new ToolError('UPSTREAM', redacted(upstream, `${name} failed: ${what} (${code})`), {
    hint: 'Try again in a minute.',
    cause: error,
  });
}

/** `TIMEOUT`: the time limit of the call ended first. */
export function timeoutError(
  { name, timeoutSetting }: Upstream,
  timeoutMs: number,
  cause?: unknown,
): ToolError {
  return new ToolError('TIMEOUT', `${name} did not answer within ${timeoutMs / 1000} s`, {
    hint: `Try again once; the time limit is ${timeoutSetting}.`,
    cause,
  });
}

/** `RATE_LIMITED`: the service wants fewer requests. `why` says what it was told by. */
export function rateLimitError(
  upstream: Upstream,
  { seconds, why }: { readonly seconds: number | undefined; readonly why: string },
): ToolError {
  const wait = seconds === undefined ? 'a minute' : `${seconds} s`;
  const more = upstream.rateHint === undefined ? '' : ` ${upstream.rateHint}`;
  const message = `${upstream.name} limits requests; retry after ${wait} ${why}`;
  return new ToolError('RATE_LIMITED', redacted(upstream, message), {
    hint: `Wait ${wait} before the next call.${more}`,
  });
}

/** Says what a status means: what the service has to say of it, `RATE_LIMITED`, or `UPSTREAM`. */
export function statusError(upstream: Upstream, refusal: Refusal, host: string): ToolError {
  const known = upstream.explain?.(refusal, host);
  if (known) return known;
  const { status, retryAfter, text } = refusal;
  const reason = upstream.reasonOf?.(text);
  const said = reason === undefined ? '' : `: ${oneLine(reason)}`;
  if (status === 429) {
    return rateLimitError(upstream, { seconds: retryAfterSeconds(retryAfter), why: `(HTTP 429)${said}` });
  }
  const message = `${upstream.name} answered with HTTP status ${status}${said}`;
  return new ToolError('UPSTREAM', redacted(upstream, message), {
    hint: status >= 500 ? 'Try again in a minute.' : 'Change the arguments; the same request fails again.',
  });
}

/** `UPSTREAM_FORMAT`: the answer is not what the service documents. */
export function formatError(upstream: Upstream, problem: string, cause?: unknown): ToolError {
  const { name } = upstream;
  const message = `The answer of ${name} is not in the documented format: ${oneLine(problem)}`;
  return new ToolError('UPSTREAM_FORMAT', redacted(upstream, message), {
    hint: `A proxy or login page may stand in between, or ${name} has changed; retrying rarely helps.`,
    cause,
  });
}

function redacted({ redact }: Upstream, text: string): string {
  return redact ? redact(text) : text;
}
