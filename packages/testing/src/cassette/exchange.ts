import type { JsonObject } from '../json.ts';
import { isObject, stringOr, valueAt } from '../json.ts';

/** One request over HTTP with what came of it: of a model, or of an MCP server behind a URL. */
export interface HttpExchange {
  readonly kind: 'http';
  /** `env/<variable>` of a model's base URL, `mcp/<name>` of a server. */
  readonly channel: string;
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly response: HttpResponse;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or the text of a body that is none. Absent for a stream of events. */
  readonly body?: unknown;
  readonly events?: readonly StreamedEvent[];
  /** How it ended where that was not as usual: the connection broke, or it was still open when the client left. */
  readonly end?: 'cut' | 'open';
}

/** A server-sent event. */
export interface StreamedEvent {
  readonly event?: string;
  readonly id?: string;
  /** JSON, or the text of what is none. */
  readonly data: unknown;
}

/** One request to an MCP server over stdio, with all that the server sent until the next. */
export interface McpExchange {
  readonly kind: 'mcp';
  readonly channel: string;
  readonly request: { readonly method: string; readonly params?: unknown };
  readonly reply: ReplyMessage[];
}

/** In the order of sending: notifications, questions to the client with its answers, the result, the end of the server. */
export type ReplyMessage =
  | { readonly method: string; readonly params?: unknown; readonly isRequest?: true; answer?: unknown }
  | { readonly result: unknown }
  | { readonly error: unknown }
  | { readonly closed: true };

export type Exchange = HttpExchange | McpExchange;

/** What is asked again without harm, and may stay unasked: a client that knows a server from before asks less. */
const REPEATABLE = /^(initialize|ping|server\/discover|logging\/setLevel|\w+(\/templates)?\/list)$/;

export function isRepeatable({ kind, request }: Exchange): boolean {
  if (kind === 'mcp') return REPEATABLE.test(request.method);
  const method = valueAt(request.body, 'method');
  // A message without an id wants no answer, so whether it comes in time is chance.
  if (typeof method === 'string') return REPEATABLE.test(method) || valueAt(request.body, 'id') === undefined;
  return request.method !== 'POST';
}

/** The fields of `_meta` that differ between two runs which are alike. */
const VOLATILE_META = ['io.modelcontextprotocol/clientInfo', 'progressToken', 'traceparent', 'tracestate'];

/** What of a request has to be the same in a replay: not the ids that a client counts, nor how it names itself. */
export function comparable(request: Exchange['request']): JsonObject {
  if ('path' in request) {
    const { body } = request;
    const isRpc = isObject(body) && body['jsonrpc'] !== undefined;
    return { ...request, ...(isRpc && { body: withoutVolatile({ ...body, id: undefined }) }) };
  }
  return withoutVolatile({ ...request });
}

function withoutVolatile(message: JsonObject): JsonObject {
  const params = message['params'];
  if (!isObject(params)) return message;
  const { clientInfo: _info, _meta: meta, ...rest } = params;
  const kept = Object.entries(isObject(meta) ? meta : {}).filter(([name]) => !VOLATILE_META.includes(name));
  return { ...message, params: { ...rest, ...(kept.length > 0 && { _meta: Object.fromEntries(kept) }) } };
}

/** A request in a few words, such as `tools/call add` or `POST /chat/completions`. */
export function nameOf(request: Exchange['request']): string {
  const rpc = 'path' in request ? request.body : request;
  const method = stringOr(valueAt(rpc, 'method'), '');
  if (method === '' && 'path' in request) return `${request.method} ${request.path}`;
  return `${method} ${stringOr(valueAt(rpc, 'params', 'name'), '')}`.trim();
}
