/** What a server answered in place of a result. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  /** A code of JSON-RPC or MCP, where there is one. */
  readonly code: unknown;
  readonly data: unknown;

  constructor(message: string, { code, data }: { code?: unknown; data?: unknown } = {}) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** An answer over HTTP that is no answer of MCP: another status than it should have, or other content. */
export class HttpAnswerError extends Error {
  override readonly name = 'HttpAnswerError';
  readonly status: number;
  readonly body: string;

  constructor(message: string, { status, body }: { status: number; body: string }) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

/** A message that did not reach the server, so that it cannot have had an effect. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

/** The connection ended before the answer came. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
}

/** No answer within a limit. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly limitMs: number;

  constructor(limitMs: number) {
    super('No answer in time');
    this.limitMs = limitMs;
  }
}

/** What came back does not let this server be spoken to in the era that was tried. */
export class EraError extends Error {
  override readonly name = 'EraError';
}

/** The HTTP status behind an error, whether of ours or of the SDK's, which need not be loaded to ask. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'UnauthorizedError') return 401;
  if (error.name === 'InsufficientScopeError') return 403;
  return 'status' in error && typeof error.status === 'number' ? error.status : statusOfSse(error);
}

/** HTTP+SSE has the status of a stream in a code, beside its event, and that of a message in words alone. */
function statusOfSse(error: Error): number | undefined {
  if ('event' in error && 'code' in error && typeof error.code === 'number') return error.code;
  const [, status] = /^Error POSTing to endpoint \(HTTP (\d{3})\)/.exec(error.message) ?? [];
  return status === undefined ? undefined : Number(status);
}
