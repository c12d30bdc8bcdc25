import type { JsonObject } from '../json.ts';
import { isObject, parseOrKeep, valueAt } from '../json.ts';
import type { BridgeEnd, LineHandler } from './bridge.ts';
import type { McpExchange, ReplyMessage } from './exchange.ts';

/** Passes the lines of one connection on, and keeps each request with all that the server sent for it. */
export class McpRecorder implements LineHandler {
  readonly #end: BridgeEnd;
  readonly #onBegin: (exchange: () => McpExchange) => void;
  /** Requests without an answer yet, by their ids, the latest at the end. */
  readonly #open = new Map<unknown, { readonly exchange: McpExchange; readonly token: unknown }>();
  /** Questions of the server without an answer yet, by their ids. */
  readonly #questions = new Map<unknown, Extract<ReplyMessage, { method: string }>>();
  #latest: McpExchange | undefined;

  constructor(end: BridgeEnd, onBegin: (exchange: () => McpExchange) => void) {
    this.#end = end;
    this.#onBegin = onBegin;
  }

  fromClient(line: string): void {
    const message = parseOrKeep(line);
    if (isObject(message)) this.#asked(message);
    this.#end.toServer(line);
  }

  fromServer(line: string): void {
    const message = parseOrKeep(line);
    if (isObject(message)) this.#said(message);
    this.#end.toClient(line);
  }

  /** Most likely it ended of what it was asked last. */
  serverEnded(): void {
    [...this.#open.values()].at(-1)?.exchange.reply.push({ closed: true });
    this.#open.clear();
  }

  #asked({ id, method, params, ...rest }: JsonObject): void {
    if (typeof method !== 'string') {
      const question = this.#questions.get(id);
      this.#questions.delete(id);
      if (question) question.answer = answerOf(rest);
      return;
    }
    if (id === undefined) return;
    const request = { method, ...(params !== undefined && { params }) };
    const exchange: McpExchange = { kind: 'mcp', channel: this.#end.channel, request, reply: [] };
    this.#open.set(id, { exchange, token: valueAt(params, '_meta', 'progressToken') });
    this.#latest = exchange;
    this.#onBegin(() => exchange);
  }

  #said({ id, method, params, result, error }: JsonObject): void {
    if (typeof method !== 'string') {
      const answered = this.#open.get(id)?.exchange;
      this.#open.delete(id);
      answered?.reply.push(error === undefined ? { result } : { error });
      return;
    }
    const said = { method, ...(params !== undefined && { params }) };
    const message: ReplyMessage = id === undefined ? said : { ...said, isRequest: true };
    if (id !== undefined) this.#questions.set(id, message);
    this.#exchangeFor(valueAt(params, 'progressToken'))?.reply.push(message);
  }

  /** What belongs to no request by its token belongs to the one that was made last. */
  #exchangeFor(token: unknown): McpExchange | undefined {
    const open = [...this.#open.values()];
    const named = token === undefined ? undefined : open.find((each) => each.token === token);
    return (named ?? open.at(-1))?.exchange ?? this.#latest;
  }
}

function answerOf({ result, error }: JsonObject): unknown {
  return error === undefined ? { result } : { error };
}
