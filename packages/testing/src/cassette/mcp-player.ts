import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../json.ts';
import { isObject, parseOrKeep } from '../json.ts';
import type { BridgeEnd, LineHandler } from './bridge.ts';
import type { ReplyMessage } from './exchange.ts';
import { withTokenOf } from './http-player.ts';
import type { Redaction } from './redaction.ts';
import type { Tape } from './tape.ts';

// Source: JSON-RPC 2.0.
const INTERNAL_ERROR = -32_603;
/** How far apart a notification and what follows it are sent, in milliseconds. */
const NOTICE_MS = 5;

/** Answers the lines of one connection to an MCP server from a tape. */
export class McpPlayer implements LineHandler {
  readonly #end: BridgeEnd;
  readonly #tape: Tape;
  readonly #redaction: Redaction;
  readonly #questions = new Map<unknown, (answer: JsonObject) => void>();
  #asked = 0;

  constructor(end: BridgeEnd, tape: Tape, redaction: Redaction) {
    this.#end = end;
    this.#tape = tape;
    this.#redaction = redaction;
  }

  fromClient(line: string): void {
    const message = parseOrKeep(line);
    if (!isObject(message)) return;
    if (typeof message['method'] !== 'string') return this.#questions.get(message['id'])?.(message);
    if (message['id'] !== undefined) void this.#play(message['method'], message);
  }

  /** There is no server. */
  fromServer(): void {}

  serverEnded(): void {}

  async #play(method: string, message: JsonObject): Promise<void> {
    const { id, params } = message;
    const hidden = params === undefined ? {} : { params: this.#redaction.hide(params) };
    const taken = this.#tape.take(this.#end.channel, { method, ...hidden });
    if (taken.kind === 'departed') {
      const error = { code: INTERNAL_ERROR, message: `The run departs from the cassette. ${taken.message}` };
      return this.#send({ id, error });
    }
    if (taken.exchange.kind !== 'mcp') return;
    for (const reply of taken.exchange.reply) {
      if ('closed' in reply) return this.#end.close();
      if (!('method' in reply)) this.#send({ id, ...reply });
      else if (reply.isRequest) await this.#ask(reply);
      else {
        this.#send(withTokenOf({ ...reply }, message));
        // As far as that can be done: a client that gets the result in the same piece may not hear of it any more.
        await delay(NOTICE_MS);
      }
    }
  }

  async #ask(reply: Extract<ReplyMessage, { method: string }>): Promise<void> {
    const { method, params, answer: expected } = reply;
    this.#asked += 1;
    const id = `cassette-${this.#asked}`;
    const answered = new Promise<JsonObject>((resolve) => this.#questions.set(id, resolve));
    this.#send({ id, method, ...(params !== undefined && { params }) });
    const { result, error } = await answered;
    this.#questions.delete(id);
    const actual = this.#redaction.hide(error === undefined ? { result } : { error });
    this.#tape.noteAnswer(this.#end.channel, method, { expected, actual });
  }

  #send(message: JsonObject): void {
    this.#end.toClient(JSON.stringify({ jsonrpc: '2.0', ...asObject(this.#redaction.reveal(message)) }));
  }
}

function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
