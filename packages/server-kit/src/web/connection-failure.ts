/** Codes of Node and undici for "there was never a connection". */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'EACCES',
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ECONNREFUSED',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENODATA',
  'ENOTFOUND',
  'EPERM',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const TOO_SLOW: ReadonlySet<string> = new Set([
  'TimeoutError',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
]);
const BROKEN: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_REQ_RETRY', 'UND_ERR_SOCKET']);

/** What a request without a whole answer failed of, and the system's or undici's code for it. */
export interface ConnectionFailure {
  /** `unreachable`: there was never a connection; `broken`: it ended before the whole answer. */
  readonly kind: 'timeout' | 'unreachable' | 'too-long' | 'broken' | 'other';
  readonly code: string;
}

/** Tells the kinds of failure apart that undici's and Node's errors stand for. */
export function readConnectionFailure(error: unknown): ConnectionFailure {
  const code = codeOf(error);
  if (TOO_SLOW.has(code)) return { kind: 'timeout', code };
  if (UNREACHABLE.has(code)) return { kind: 'unreachable', code };
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return { kind: 'too-long', code };
  return { kind: BROKEN.has(code) ? 'broken' : 'other', code };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
