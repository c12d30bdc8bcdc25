import type { ServerResponse } from 'node:http';
import type { ServiceReply } from './reply.ts';

/** What goes wrong with one request, instead of or before the documented answer. */
export type ServiceFault =
  /** Another answer. A text goes out as it is, all else as JSON. */
  | { kind: 'status'; status: number; headers?: Readonly<Record<string, string>>; body?: unknown }
  /** Status 200 with this text, as an HTML page. */
  | { kind: 'text'; text: string }
  /** Status 200 and this many bytes, which are JSON. */
  | { kind: 'oversize'; bytes: number }
  /** The connection breaks: before the answer, or in the middle of it. */
  | { kind: 'reset' }
  | { kind: 'cut' }
  /** The documented answer, late. */
  | { kind: 'delay'; delayMs: number };

/** Answers as the fault has it; `documented` makes the answer of which a part is sent. */
export function misbehave(
  response: ServerResponse,
  fault: Exclude<ServiceFault, { kind: 'delay' }>,
  documented: () => ServiceReply,
): void {
  switch (fault.kind) {
    case 'status': {
      const { status, headers, body = '' } = fault;
      return send(response, { status, type: typeof body === 'string' ? HTML : JSON_TYPE, headers, body });
    }
    case 'text':
      return send(response, { status: 200, type: HTML, body: fault.text });
    case 'oversize':
      return send(response, { status: 200, body: JSON.stringify('x'.repeat(fault.bytes - 2)) });
    case 'reset':
      return void response.socket?.resetAndDestroy();
    case 'cut': {
      const text = textOf(documented());
      response.writeHead(200, { 'content-length': Buffer.byteLength(text) });
      return void response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
    }
    default:
      fault satisfies never;
  }
}

const HTML = 'text/html; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends a whole answer. */
export function send(response: ServerResponse, reply: ServiceReply): void {
  const { status, type = JSON_TYPE, headers } = reply;
  response.writeHead(status, { 'content-type': type, ...headers }).end(textOf(reply));
}

function textOf({ body }: ServiceReply): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}
