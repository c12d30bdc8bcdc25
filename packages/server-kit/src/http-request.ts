import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorMessage } from './errors.ts';

/** Largest request body, in bytes. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** JSON-RPC codes that are answered before a server sees the request. Source: JSON-RPC 2.0 and the MCP transports. */
const PARSE_ERROR = -32_700;
export const INVALID_REQUEST = -32_600;
export const SESSION_NOT_FOUND = -32_001;

/** The methods that each path takes. */
export type Endpoints = Readonly<Record<string, readonly string[]>>;

/** Why a request gets no further. */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The path of a request, without its query. */
export function pathOf({ url }: IncomingMessage): string | undefined {
  return url?.split('?')[0];
}

/** What is wrong with a Host header that is more than a name or an address and a port, such as `user@localhost`. */
export function refuseHost({ headers: { host } }: IncomingMessage): Refusal | undefined {
  if (host === undefined || /^[\w.:[\]-]*$/u.test(host)) return undefined;
  return { status: 403, code: INVALID_REQUEST, message: 'Invalid Host' };
}

/** What is wrong with the address or the method, before the body is read. */
export function refuseTarget(request: IncomingMessage, endpoints: Endpoints): Refusal | undefined {
  const methods = Object.entries(endpoints).find(([path]) => path === pathOf(request))?.[1];
  if (methods === undefined) {
    const paths = Object.keys(endpoints).join(' and ');
    return { status: 404, code: INVALID_REQUEST, message: `MCP is served at ${paths}` };
  }
  if (methods.includes(request.method ?? '')) return undefined;
  const allow = methods.join(', ');
  return { status: 405, code: INVALID_REQUEST, message: `Use ${allow}`, headers: { allow } };
}

/** What is wrong with the credentials of a request, when a token is asked for. Source: RFC 6750. */
export function refuseCredentials(
  { headers }: IncomingMessage,
  token: string | undefined,
): Refusal | undefined {
  if (token === undefined) return undefined;
  const [, given] = /^bearer +(\S+)$/iu.exec(headers.authorization ?? '') ?? [];
  if (given !== undefined && timingSafeEqual(digest(given), digest(token))) return undefined;
  const challenge = `Bearer realm="mcp"${given === undefined ? '' : ', error="invalid_token"'}`;
  const message = given === undefined ? 'A bearer token is needed' : 'The bearer token is wrong';
  return { status: 401, code: INVALID_REQUEST, message, headers: { 'www-authenticate': challenge } };
}

/** Of one length for all texts, so that comparing tells nothing of the token's. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * The JSON of a POST; nothing for other methods. A body that is too long is read to its end all the same, because a
 * client that still writes would not see the answer.
 */
export async function readJson(request: IncomingMessage): Promise<{ body: unknown } | { refusal: Refusal }> {
  if (request.method !== 'POST') return { body: undefined };
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) {
    const message = `The request is longer than ${MAX_BODY_BYTES} bytes`;
    return { refusal: { status: 413, code: INVALID_REQUEST, message } };
  }
  try {
    return { body: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
  } catch (error) {
    const message = `The request is not JSON: ${errorMessage(error)}`;
    return { refusal: { status: 400, code: PARSE_ERROR, message } };
  }
}

/** Answers with a JSON-RPC error that belongs to no request. */
export function refuse(response: ServerResponse, { status, code, message, headers }: Refusal): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } }));
}
