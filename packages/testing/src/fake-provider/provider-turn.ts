import type { ProviderRequest } from './provider-request.ts';

/** What the model says: text, tool calls, or both. */
export interface ProviderAnswer {
  readonly text?: string;
  readonly toolCalls?: readonly {
    readonly name: string;
    /** An object, or the raw text of the arguments, which may be malformed JSON. */
    readonly args: object | string;
    /** Made up when absent, and unique then. */
    readonly id?: string;
  }[];
  /** Default 10 input and 20 output tokens. Of the input, `cached` came from the provider's cache. */
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number; readonly cached?: number };
  /**
   * `finish_reason` or `stop_reason`, as the API spells it, in place of the one that fits the answer. Of the Responses
   * API: why the response is incomplete, such as `max_output_tokens`.
   */
  readonly stopReason?: string;
  /** Of a stream alone, applied in this order. */
  readonly quirks?: readonly StreamQuirk[];
}

/**
 * How compatible servers depart from the streams that the APIs document: a call comes in one piece instead of several;
 * pieces do not say which call they belong to; calls have no id (at the Responses API: only the item has none); nothing
 * tells of usage; the name of a call comes with every piece of it (Chat Completions alone).
 */
export type StreamQuirk = 'no-id' | 'no-index' | 'no-usage' | 'repeated-name' | 'whole-calls';

/** A fault in the middle of a response: the first half of `partial` arrives, then it strikes. */
interface MidStreamFault<Kind extends string> {
  readonly kind: Kind;
  /** Default: a short text. */
  readonly partial?: ProviderAnswer;
}

/** The Responses API has two events for an error in a stream; the other APIs have the first alone. */
export type ErrorEventForm = 'error' | 'response.failed';

/** How the fake provider answers one request. */
export type ProviderTurn =
  | ({ readonly kind: 'answer' } & ProviderAnswer)
  | {
      readonly kind: 'http-error';
      readonly status: number;
      /** A string is sent as HTML, anything else as JSON. */
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** An error in the form that the API sends once a response has begun; status 500 when not streaming. */
  | (MidStreamFault<'error-event'> & { /** Default `error`. */ readonly form?: ErrorEventForm })
  /** The connection breaks. */
  | MidStreamFault<'cut'>
  /** Nothing more is sent, and the connection stays open until the client hangs up. */
  | MidStreamFault<'hang'>
  /** The last event repeats until the client hangs up, so that only a limit on the whole ends it. */
  | (MidStreamFault<'endless'> & { /** Default 20. */ readonly intervalMs?: number });

/** Decides the answer to each request. What it throws reaches the client as status 400, which no client retries. */
export type Respond = (request: ProviderRequest) => ProviderTurn | Promise<ProviderTurn>;

/**
 * Plays a fixed list, one turn for each request, whichever client asks. A turn may be a function of the request.
 * Throws on the request after the last turn.
 */
export function scriptedTurns(turns: readonly (ProviderTurn | Respond)[]): Respond {
  let played = 0;
  return (request) => {
    const turn = turns[played];
    played += 1;
    if (turn === undefined) {
      const last = request.messages.at(-1);
      throw new Error(
        `The script has ${turns.length} turns and this is request ${played}, which ends with ` +
          `${last?.role ?? 'no message'}: ${JSON.stringify(last?.text ?? '').slice(0, 200)}`,
      );
    }
    return typeof turn === 'function' ? turn(request) : turn;
  };
}
