import type { ContentPart, ToolCall, ToolDefinition, ToolResult } from '../tools.ts';
import type { Usage } from '../usage.ts';

export type Message =
  | { readonly role: 'user'; readonly content: readonly ContentPart[] }
  | { readonly role: 'assistant'; readonly text: string; readonly toolCalls: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly results: readonly ToolResult[] };

export interface ModelRequest {
  readonly system?: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
  /** `none` keeps the tools in sight, as some APIs require of a history with calls, and asks for an answer in text. */
  readonly toolChoice?: 'none';
  readonly maxOutputTokens?: number;
}

export type ModelEvent =
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'tool-call'; readonly call: ToolCall }
  | { readonly type: 'usage'; readonly usage: Usage }
  /** The answer, or the last call in it, is not whole: it has reached the most tokens that one may have. Comes behind it. */
  | { readonly type: 'answer-cut' }
  /** The model was not told of this tool, because its provider would have refused the whole request. Said once. */
  | { readonly type: 'tool-left-out'; readonly tool: string; readonly reason: string }
  | {
      readonly type: 'retry';
      /** Number of the attempt that failed, from 1. */
      readonly attempt: number;
      readonly maxRetries: number;
      readonly waitMs: number;
      readonly reason: string;
    };

/**
 * One model behind one method. An adapter maps the request out, maps the stream back, and keeps no state.
 *
 * The stream throws `PatchbayError` with a `MODEL_…` code when the provider refuses or the stream breaks, and
 * `signal.reason` when aborted.
 */
export interface LanguageModel {
  /** `<provider>/<model>`, for example `anthropic/claude-sonnet-5-5`. */
  readonly id: string;
  /** What people are told instead of the id when that alone would mislead, such as that it is not an AI model. */
  readonly label: string;
  stream(request: ModelRequest, signal?: AbortSignal): AsyncIterable<ModelEvent>;
}

export function userMessage(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

/** The text parts of a user message, joined. */
export function messageText(message: Extract<Message, { role: 'user' }>): string {
  return message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}
