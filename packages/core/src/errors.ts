/** Machine-readable reason carried by every {@link PatchbayError}. */
export type PatchbayErrorCode =
  | 'CONFIG_INVALID'
  | 'CONFIG_NOT_FOUND'
  | 'FILE_NOT_WRITTEN'
  | 'MODEL_AUTH'
  | 'MODEL_CONTEXT_FULL'
  | 'MODEL_FAILED'
  | 'MODEL_NOT_FOUND'
  | 'MODEL_NO_CREDIT'
  | 'MODEL_OVERLOADED'
  | 'MODEL_RATE_LIMITED'
  | 'MODEL_TIMEOUT'
  | 'MODEL_UNREACHABLE'
  | 'SERVER_REFUSED'
  | 'SERVER_UNAVAILABLE'
  | 'TOOL_NOT_FOUND';

/** The one error class this package throws. Branch on `code`; message and hint are for people. */
export class PatchbayError extends Error {
  override readonly name = 'PatchbayError';
  readonly code: PatchbayErrorCode;
  /** What to do about it, in one sentence. */
  readonly hint: string | undefined;
  /** How long a provider asks to wait before the same request, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: PatchbayErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What is at the bottom of it: `fetch failed` and the like say nothing. */
export function deepestMessage(error: unknown): string {
  const inner = error instanceof Error ? error.cause : undefined;
  return inner instanceof Error && inner.message !== '' ? deepestMessage(inner) : errorMessage(error);
}

/** The system's code behind an error, such as `ECONNREFUSED`, from the depth of its causes. */
export function systemErrorCode(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause ? cause.code : undefined;
    if (
      typeof code === 'string' &&
      /^(E[A-Z]{3,}|UND_ERR_\w+|CERT_\w+|\w*_CERT\w*|UNABLE_TO_\w+)$/.test(code)
    )
      return code;
  }
  return undefined;
}
