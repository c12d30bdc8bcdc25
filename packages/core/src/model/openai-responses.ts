import type OpenAI from 'openai';
import { sha256 } from '../late-builtins.ts';
import type { ContentPart, ToolCall, ToolDefinition, ToolResult } from '../tools.ts';
import { outcomeText } from '../tools.ts';
import type { Usage } from '../usage.ts';
import { countedUsage } from '../usage.ts';
import type { LanguageModel, Message, ModelEvent, ModelRequest } from './language-model.ts';
import type { OpenAiOptions } from './openai-chat.ts';
import { refused } from './provider-error.ts';
import { toReadable } from './readable-part.ts';

type Body = OpenAI.Responses.ResponseCreateParamsStreaming;
type Item = OpenAI.Responses.ResponseInputItem;
type Part =
  | OpenAI.Responses.ResponseInputText
  | OpenAI.Responses.ResponseInputImage
  | OpenAI.Responses.ResponseInputFile;
type StreamEvent = OpenAI.Responses.ResponseStreamEvent;

/** Longest call id that the API takes, in characters; ids of other providers may be longer. */
const MAX_CALL_ID_LENGTH = 64;
/** Smallest limit that the API takes, in tokens. */
const MIN_OUTPUT_TOKENS = 16;

/**
 * OpenAI, Azure and compatible servers through the Responses API.
 *
 * The provider is told to store nothing and gets the whole conversation with every request. What the model thought in
 * between (its reasoning items) is not part of our messages, so it is not sent back: each turn reasons anew.
 */
export function openAiResponses({ id, model, openClient, toError }: OpenAiOptions): LanguageModel {
  return {
    id,
    label: id,
    async *stream(request, signal): AsyncGenerator<ModelEvent> {
      const answer: Answer = { calls: [], isEnded: false, isCut: false };
      try {
        const client = await openClient();
        const events = await client.responses.create(toResponsesBody(model, request), { signal });
        for await (const event of events) yield* read(event, answer);
        // The SDK ends an aborted stream as if it were complete.
        signal?.throwIfAborted();
        if (!answer.isEnded) throw new Error('the stream ended in the middle of it');
      } catch (error) {
        signal?.throwIfAborted();
        throw toError(error);
      }
      for (const call of answer.calls) yield { type: 'tool-call', call };
      if (answer.isCut) yield { type: 'answer-cut' };
    },
  };
}

/** What is known of an answer while it streams. */
interface Answer {
  readonly calls: ToolCall[];
  /** The item that the last piece of text belongs to. */
  textItem?: string;
  /** Whether the event came that ends every answer: only that tells a whole one from one cut off. */
  isEnded: boolean;
  isCut: boolean;
}

/** Passes over all else: reasoning, the pieces of calls, and tools that run at the provider, of which we offer none. */
function* read(event: StreamEvent, answer: Answer): Generator<ModelEvent> {
  if (event.type === 'error') throw failure(event);
  if (event.type === 'response.failed') throw failure(event.response.error);
  if (event.type === 'response.output_text.delta' || event.type === 'response.refusal.delta') {
    const isNext = answer.textItem !== undefined && answer.textItem !== event.item_id;
    answer.textItem = event.item_id;
    yield { type: 'text-delta', text: isNext ? `\n\n${event.delta}` : event.delta };
  }
  if (event.type === 'response.output_item.done' && event.item.type === 'function_call') {
    const { call_id: id, name, arguments: argumentsJson } = event.item;
    answer.calls.push({ id, name, argumentsJson });
  }
  if (event.type === 'response.completed' || event.type === 'response.incomplete') {
    answer.isEnded = true;
    answer.isCut = event.response.incomplete_details?.reason === 'max_output_tokens';
    yield* readEnd(event.response);
  }
}

function* readEnd({ incomplete_details: cut, usage }: OpenAI.Responses.Response): Generator<ModelEvent> {
  if (cut?.reason === 'content_filter') throw refused();
  if (!usage) return;
  yield { type: 'usage', usage: toUsage(usage) };
}

function toUsage(usage: OpenAI.Responses.ResponseUsage): Usage {
  // Compatible servers leave the details out.
  const details: Partial<typeof usage.input_tokens_details> | undefined = usage.input_tokens_details;
  return countedUsage({
    input: usage.input_tokens,
    output: usage.output_tokens,
    cached: details?.cached_tokens,
    written: details?.cache_write_tokens,
  });
}

/** In the form of the SDK's own errors, which it throws for one of the two events of a failure alone. */
function failure(error: { readonly message: string } | null): Error {
  return Object.assign(new Error(error?.message ?? 'no reason given'), { error });
}

/** The request in the provider's form. */
export function toResponsesBody(model: string, request: ModelRequest): Body {
  const { system, messages, tools, toolChoice, maxOutputTokens } = request;
  return {
    model,
    stream: true,
    store: false,
    instructions: system,
    input: messages.flatMap(toItems),
    tools: tools.length > 0 ? tools.map(toTool) : undefined,
    tool_choice: tools.length > 0 ? toolChoice : undefined,
    max_output_tokens:
      maxOutputTokens === undefined ? undefined : Math.max(maxOutputTokens, MIN_OUTPUT_TOKENS),
  };
}

function toTool({ name, description, inputSchema }: ToolDefinition): OpenAI.Responses.FunctionTool {
  return {
    type: 'function',
    name,
    description,
    // OpenAI refuses a schema of an object without `properties`, which tools without arguments often leave out.
    parameters: { properties: {}, ...inputSchema },
    // Strict schemas have no optional properties; those of servers do.
    strict: false,
  };
}

/** Items go without ids of their own: with one, the API would want the reasoning that belongs to it. */
function toItems(message: Message): Item[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: message.content.map(toPart) }];
    case 'assistant':
      return [
        ...(message.text === '' ? [] : [{ role: 'assistant' as const, content: message.text }]),
        ...message.toolCalls.map(toCall),
      ];
    case 'tool':
      return message.results.map(toOutput);
    default:
      return message satisfies never;
  }
}

function toCall({ id, name, argumentsJson }: ToolCall): Item {
  return { type: 'function_call', call_id: toCallId(id), name, arguments: argumentsJson || '{}' };
}

function toOutput(result: ToolResult): Item {
  const isText = result.content.every(({ type }) => type === 'text');
  const output = isText ? outcomeText(result) : result.content.map(toPart);
  return { type: 'function_call_output', call_id: toCallId(result.callId), output };
}

function toCallId(id: string): string {
  return id.length <= MAX_CALL_ID_LENGTH ? id : sha256(id);
}

function toPart(part: ContentPart): Part {
  const readable = toReadable(part);
  switch (readable.kind) {
    case 'text':
      return { type: 'input_text', text: readable.text };
    case 'image': {
      const { mimeType, data } = readable;
      return { type: 'input_image', detail: 'auto', image_url: `data:${mimeType};base64,${data}` };
    }
    case 'pdf': {
      const { name, data } = readable;
      return { type: 'input_file', filename: name, file_data: `data:application/pdf;base64,${data}` };
    }
    default:
      return readable satisfies never;
  }
}
