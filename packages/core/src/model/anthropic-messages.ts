import type Anthropic from '@anthropic-ai/sdk';
import { parseJsonObject } from '../json.ts';
import type { ContentPart, ToolCall, ToolDefinition, ToolResult } from '../tools.ts';
import type { Usage } from '../usage.ts';
import { countedUsage } from '../usage.ts';
import type { LanguageModel, Message, ModelEvent, ModelRequest } from './language-model.ts';
import { contextFull, refused } from './provider-error.ts';
import { toReadable } from './readable-part.ts';

type Block = Anthropic.Messages.ContentBlockParam;
type Content =
  | Anthropic.Messages.TextBlockParam
  | Anthropic.Messages.ImageBlockParam
  | Anthropic.Messages.DocumentBlockParam;

/** The Messages API requires a limit; this one is far above what a turn with tools needs. */
const MAX_OUTPUT_TOKENS = 8192;

export interface AnthropicMessagesOptions {
  /** `<provider>/<model>`, shown to people. */
  readonly id: string;
  readonly model: string;
  /** Opened at the first request, because loading the SDK takes longer than the rest of a start. */
  readonly openClient: () => Promise<Anthropic>;
  /** Whether the provider is to keep the beginning of each request, which the next one repeats, in its cache. */
  readonly isCaching?: boolean;
  /** Turns what the SDK throws into the error that the user sees. */
  readonly toError: (error: unknown) => Error;
}

/** Claude through Anthropic's Messages API. */
export function anthropicMessages({
  id,
  model,
  openClient,
  isCaching = false,
  toError,
}: AnthropicMessagesOptions): LanguageModel {
  return {
    id,
    label: id,
    async *stream(request, signal): AsyncGenerator<ModelEvent> {
      const calls: ToolCall[] = [];
      const counts = new Counts();
      let isCut = false;
      try {
        const client = await openClient();
        // Marks the last block that can be kept: in a run each turn repeats all that came before it.
        const caching = isCaching ? { cache_control: { type: 'ephemeral' } as const } : {};
        const body = { ...toMessagesBody(model, request), ...caching };
        const events = await client.messages.create(body, { signal });
        for await (const event of events) {
          counts.take(event);
          refuseRefusal(event);
          if (event.type === 'message_delta' && event.delta.stop_reason === 'max_tokens') isCut = true;
          yield* read(event, calls);
        }
      } catch (error) {
        signal?.throwIfAborted();
        throw toError(error);
      }
      // The SDK ends an aborted stream as if it were complete.
      signal?.throwIfAborted();
      for (const call of calls) if (call) yield { type: 'tool-call', call };
      if (isCut) yield { type: 'answer-cut' };
      yield { type: 'usage', usage: counts.usage };
    },
  };
}

/** A stream that ends so is no answer, though no status says it. */
function refuseRefusal(event: Anthropic.Messages.RawMessageStreamEvent): void {
  if (event.type !== 'message_delta') return;
  const { stop_reason: reason, stop_details: details } = event.delta;
  if (reason === 'model_context_window_exceeded') throw contextFull('its context window is full');
  if (reason === 'refusal') throw refused(details?.explanation ?? undefined);
}

/** What an answer has used up. The API counts input from the cache and into it apart from the rest. */
class Counts {
  #fresh = 0;
  #cached = 0;
  #written = 0;
  #output = 0;

  /** The first event tells of it, and a later one of all so far. Compatible servers may leave out what types promise. */
  take(event: Anthropic.Messages.RawMessageStreamEvent): void {
    const told = toldBy(event);
    if (!told) return;
    this.#fresh = told.input_tokens ?? this.#fresh;
    this.#cached = told.cache_read_input_tokens ?? this.#cached;
    this.#written = told.cache_creation_input_tokens ?? this.#written;
    this.#output = told.output_tokens ?? this.#output;
  }

  get usage(): Usage {
    const [output, cached, written] = [this.#output, this.#cached, this.#written];
    return countedUsage({ input: this.#fresh + cached + written, output, cached, written });
  }
}

function toldBy(
  event: Anthropic.Messages.RawMessageStreamEvent,
): Partial<Anthropic.Messages.MessageDeltaUsage> | undefined {
  if (event.type === 'message_start') return event.message.usage;
  return event.type === 'message_delta' ? event.usage : undefined;
}

/** `calls` is indexed by content block, so it has holes where the blocks are text. Blocks come one after the other. */
function* read(event: Anthropic.Messages.RawMessageStreamEvent, calls: ToolCall[]): Generator<ModelEvent> {
  if (event.type === 'content_block_start' && event.content_block.type === 'tool_use') {
    const index = event.index ?? calls.length;
    const { id, name } = event.content_block;
    calls[index] = { id: id ?? `toolu_${index}`, name, argumentsJson: '' };
  }
  if (event.type !== 'content_block_delta') return;
  const { delta } = event;
  const index = event.index ?? calls.length - 1;
  if (delta.type === 'text_delta') yield { type: 'text-delta', text: delta.text };
  const call = calls[index];
  if (delta.type === 'input_json_delta' && call) {
    calls[index] = { ...call, argumentsJson: call.argumentsJson + delta.partial_json };
  }
}

/** The request in the provider's form. */
export function toMessagesBody(
  model: string,
  request: ModelRequest,
): Anthropic.Messages.MessageCreateParamsStreaming {
  return {
    model,
    stream: true,
    max_tokens: request.maxOutputTokens ?? MAX_OUTPUT_TOKENS,
    system: request.system,
    messages: request.messages.flatMap(toMessages),
    tools: request.tools.length > 0 ? request.tools.map(toTool) : undefined,
    tool_choice: request.tools.length > 0 && request.toolChoice === 'none' ? { type: 'none' } : undefined,
  };
}

function toTool({ name, description, inputSchema }: ToolDefinition): Anthropic.Messages.Tool {
  return { name, description, input_schema: { ...inputSchema, type: 'object' } };
}

function toMessages(message: Message): Anthropic.Messages.MessageParam[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: toBlocks(message.content) }];
    case 'assistant': {
      const content = [...textBlocks(message.text), ...message.toolCalls.map(toToolUse)];
      return content.length > 0 ? [{ role: 'assistant', content }] : [];
    }
    case 'tool':
      return [{ role: 'user', content: message.results.map(toToolResult) }];
    default:
      return message satisfies never;
  }
}

function textBlocks(text: string): Block[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

function toToolUse({ id, name, argumentsJson }: ToolCall): Block {
  // A call whose arguments were no JSON has an error result right behind it; the API still wants an object here.
  return { type: 'tool_use', id, name, input: parseJsonObject(argumentsJson) ?? {} };
}

function toToolResult({ callId, content, isError }: ToolResult): Block {
  return { type: 'tool_result', tool_use_id: callId, content: toBlocks(content), is_error: isError };
}

/** The API refuses text that is nothing but white space, and a message or a result without content. */
function toBlocks(content: readonly ContentPart[]): Content[] {
  const blocks = content.map(toBlock).filter((block) => block.type !== 'text' || block.text.trim() !== '');
  return blocks.length > 0 ? blocks : [{ type: 'text', text: '(empty)' }];
}

function toBlock(part: ContentPart): Content {
  const readable = toReadable(part);
  switch (readable.kind) {
    case 'text':
      return { type: 'text', text: readable.text };
    case 'image': {
      const { mimeType, data } = readable;
      return { type: 'image', source: { type: 'base64', media_type: mimeType, data } };
    }
    case 'pdf': {
      const { name, data } = readable;
      return {
        type: 'document',
        title: name,
        source: { type: 'base64', media_type: 'application/pdf', data },
      };
    }
    default:
      return readable satisfies never;
  }
}
