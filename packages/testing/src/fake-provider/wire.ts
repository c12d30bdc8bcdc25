import type { JsonObject } from '../json.ts';
import type { ProviderApi, ProviderConversation } from './provider-request.ts';
import type { ErrorEventForm, ProviderAnswer } from './provider-turn.ts';

/** Why the real API would refuse a request: the fields of its status 400. */
export interface Refusal {
  readonly message: string;
  /** OpenAI names the parameter and a code; Anthropic has neither. */
  readonly param?: string;
  readonly code?: string;
  /** Default 400. */
  readonly status?: number;
}

export interface ServerSentEvent {
  readonly event?: string;
  readonly data: string;
}

/** What an answer is made from besides its content. */
export interface AnswerContext {
  /** Number of the request, from 1; ids are made of it. */
  readonly sequence: number;
  readonly model: string;
  readonly body: JsonObject;
}

/** One API: how its requests are read and how an answer looks on the wire. */
export interface Wire {
  readonly api: ProviderApi;
  /** The rule that the request breaks, if it breaks one. */
  refusalOf(body: JsonObject, headers: Readonly<Record<string, string>>): Refusal | undefined;
  read(body: JsonObject): ProviderConversation;
  /** The whole answer as the body of a response that is not streamed. */
  toBody(answer: ProviderAnswer, context: AnswerContext): JsonObject;
  /** The answer as a stream, in the pieces that real servers send. */
  toEvents(answer: ProviderAnswer, context: AnswerContext): readonly ServerSentEvent[];
  toErrorBody(refusal: Refusal): JsonObject;
  /** An overload, as the body of status 500. */
  readonly overloadBody: JsonObject;
  /** The same, reported after the response has begun. */
  toErrorEvent(outbreak: Outbreak): ServerSentEvent;
}

/** Where in a stream an error breaks out. */
export interface Outbreak {
  /** Events that were sent before it. */
  readonly sent: number;
  readonly context: AnswerContext;
  readonly form: ErrorEventForm;
}

export const DEFAULT_USAGE: NonNullable<ProviderAnswer['usage']> = { inputTokens: 10, outputTokens: 20 };

/** Cuts text into about `count` pieces, never inside a character. */
export function piecesOf(text: string, count: number): readonly string[] {
  const size = Math.max(1, Math.ceil(text.length / count));
  return text.match(new RegExp(`.{1,${size}}`, 'gsu')) ?? [];
}

export function argumentText(args: object | string): string {
  return typeof args === 'string' ? args : JSON.stringify(args);
}

/** The first refusal among the items, in their order. */
export function firstRefusal<Item>(
  items: readonly Item[],
  refusalOf: (item: Item, index: number) => Refusal | undefined,
): Refusal | undefined {
  for (const [index, item] of items.entries()) {
    const refusal = refusalOf(item, index);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
