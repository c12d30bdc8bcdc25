import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JsonObject } from '../json.ts';
import { isObject, parseOrKeep, valueAt } from '../json.ts';
import { printEvent } from './event-stream.ts';
import type { HttpResponse, StreamedEvent } from './exchange.ts';
import type { Redaction } from './redaction.ts';
import type { Tape } from './tape.ts';

/** Answers requests over HTTP from a tape. */
export class HttpPlayer {
  readonly #tape: Tape;
  readonly #redaction: Redaction;
  /** Questions of MCP servers in streams that wait for the client's answer, by their ids. */
  readonly #questions = new Map<unknown, () => void>();

  constructor(tape: Tape, redaction: Redaction) {
    this.#tape = tape;
    this.#redaction = redaction;
  }

  async play(
    incoming: IncomingMessage,
    response: ServerResponse,
    { channel, rest }: { readonly channel: string; readonly rest: string },
  ): Promise<void> {
    const sent = await readText(incoming);
    const { method = 'GET' } = incoming;
    const body = sent === '' ? {} : { body: this.#redaction.hide(parseOrKeep(sent)) };
    const request = { method, path: String(this.#redaction.hide(rest)), ...body };
    const taken = this.#tape.take(channel, request);
    if (taken.kind === 'departed') return refuse(response, request.body, taken.message);
    if (taken.exchange.kind === 'http') await this.#answer(response, taken.exchange.response, request.body);
    this.#questions.get(valueAt(request.body, 'id'))?.();
  }

  async #answer(response: ServerResponse, recorded: HttpResponse, request: unknown): Promise<void> {
    const { status, headers, body, events, end } = recorded;
    if (status === 0) return end === 'cut' ? void response.destroy() : undefined;
    response.writeHead(status, { ...headers });
    response.flushHeaders();
    if (events) await this.#stream(events, response, request);
    else if (body !== undefined) response.write(this.#textOf(withIdOf(body, request)));
    if (end === 'cut') return void response.destroy();
    if (end === undefined) response.end();
  }

  async #stream(events: readonly StreamedEvent[], response: ServerResponse, request: unknown): Promise<void> {
    for (const { data, ...event } of events) {
      if (response.destroyed) return;
      const id = isObject(data) && data['method'] !== undefined ? data['id'] : undefined;
      const answered = id === undefined ? undefined : this.#answerTo(id, response);
      const text = printEvent({ ...event, data: this.#redaction.reveal(withIdOf(data, request)) });
      const isFlushed = response.write(text);
      // A turn of the loop between events, so that they leave as chunks of their own.
      await (isFlushed ? nextTurn() : Promise.race([once(response, 'drain'), once(response, 'close')]));
      await answered;
    }
  }

  /** Resolves when the client has answered a question of the server, or is gone. */
  #answerTo(id: unknown, response: ServerResponse): Promise<void> {
    return new Promise((resolve) => {
      this.#questions.set(id, resolve);
      response.once('close', resolve);
    });
  }

  #textOf(body: unknown): string {
    const shown = this.#redaction.reveal(body);
    return typeof shown === 'string' ? shown : JSON.stringify(shown);
  }
}

/** An answer of JSON-RPC carries the id of this run's request, and its progress this run's token. */
function withIdOf(message: unknown, request: unknown): unknown {
  if (!isObject(message) || !isObject(request) || message['jsonrpc'] === undefined) return message;
  if (message['method'] === undefined) return { ...message, id: request['id'] };
  return withTokenOf(message, request);
}

/** A notification of progress names the request by the token that this run gave it. */
export function withTokenOf(message: JsonObject, request: unknown): JsonObject {
  const params = message['params'];
  if (!isObject(params) || params['progressToken'] === undefined) return message;
  const progressToken = valueAt(request, 'params', '_meta', 'progressToken');
  return { ...message, params: { ...params, progressToken } };
}

/** As status 400, which no client tries again, in a form that each of them reads its message from. */
function refuse(response: ServerResponse, request: unknown, message: string): void {
  const isRpc = isObject(request) && request['jsonrpc'] !== undefined;
  const error = { message: `The run departs from the cassette. ${message}`, type: 'cassette_departed' };
  const body = isRpc
    ? { jsonrpc: '2.0', id: request['id'] ?? null, error: { code: -32_603, message: error.message } }
    : { type: 'error', error };
  response.writeHead(isRpc ? 200 : 400, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
