import type OpenAI from 'openai';
import type { ContentPart, ToolCall, ToolDefinition, ToolResult } from '../tools.ts';
import { outcomeText } from '../tools.ts';
import type { Usage } from '../usage.ts';
import { countedUsage } from '../usage.ts';
import type { LanguageModel, Message, ModelEvent, ModelRequest } from './language-model.ts';
import { refused } from './provider-error.ts';
import { toReadable } from './readable-part.ts';

type Chat = OpenAI.Chat.Completions.ChatCompletionMessageParam;
type Chunk = OpenAI.Chat.Completions.ChatCompletionChunk;
type Fragment = OpenAI.Chat.Completions.ChatCompletionChunk.Choice.Delta.ToolCall;

/** What both APIs of OpenAI need. */
export interface OpenAiOptions {
  /** `<provider>/<model>`, shown to people. */
  readonly id: string;
  /** The model's name, or the deployment's at Azure. */
  readonly model: string;
  /** Opened at the first request, because loading the SDK takes longer than the rest of a start. */
  readonly openClient: () => Promise<OpenAI>;
  /** Turns what the SDK throws into the error that the user sees. */
  readonly toError: (error: unknown) => Error;
}

/** What of a request depends on who answers it. */
export interface ChatTarget {
  readonly model: string;
  /**
   * The content of a tool message is text alone in this API. `sent` shows images that tools gave in a message of the user
   * right behind; not every compatible server takes one there, and not every model reads images.
   */
  readonly toolImages: 'sent' | 'described';
}

/** Any provider that speaks OpenAI Chat Completions: OpenAI, Azure, Groq, Ollama, vLLM, LM Studio. */
export function openAiChat({
  id,
  model,
  openClient,
  toError,
  toolImages = 'described',
}: OpenAiOptions & Partial<Pick<ChatTarget, 'toolImages'>>): LanguageModel {
  return {
    id,
    label: id,
    async *stream(request, signal): AsyncGenerator<ModelEvent> {
      const calls: ToolCall[] = [];
      let usage: Usage | undefined;
      let isCut = false;
      try {
        const client = await openClient();
        const chunks = await client.chat.completions.create(toChatBody(request, { model, toolImages }), {
          signal,
        });
        for await (const chunk of chunks) {
          yield* read(chunk, calls);
          if (chunk.choices[0]?.finish_reason === 'length') isCut = true;
          // Some servers tell of it with every chunk, each time of all so far.
          if (chunk.usage) usage = toUsage(chunk.usage);
        }
      } catch (error) {
        signal?.throwIfAborted();
        throw toError(error);
      }
      // The SDK ends an aborted stream as if it were complete.
      signal?.throwIfAborted();
      for (const call of calls) if (call) yield { type: 'tool-call', call };
      if (isCut) yield { type: 'answer-cut' };
      if (usage) yield { type: 'usage', usage };
    },
  };
}

function* read({ choices }: Chunk, calls: ToolCall[]): Generator<ModelEvent> {
  const [choice] = choices;
  if (choice?.finish_reason === 'content_filter') throw refused();
  const delta = choice?.delta;
  if (delta?.content) yield { type: 'text-delta', text: delta.content };
  // Said in place of an answer.
  if (delta?.refusal) yield { type: 'text-delta', text: delta.refusal };
  for (const fragment of delta?.tool_calls ?? []) append(calls, fragment);
}

function toUsage(usage: OpenAI.CompletionUsage): Usage {
  const { prompt_tokens: input, completion_tokens: output, prompt_tokens_details: details } = usage;
  return countedUsage({
    input,
    output,
    cached: details?.cached_tokens,
    written: details?.cache_write_tokens,
  });
}

/** A call arrives in pieces: first its id and name, then its arguments a few characters at a time. */
function append(calls: ToolCall[], fragment: Fragment): void {
  const { id, function: piece } = fragment;
  const index = fragment.index ?? indexOf(calls, fragment);
  const call = calls[index] ?? { id: id ?? `call_${index}`, name: '', argumentsJson: '' };
  calls[index] = {
    id: call.id,
    name: call.name === '' ? (piece?.name ?? '') : call.name,
    argumentsJson: call.argumentsJson + (piece?.arguments ?? ''),
  };
}

/** Some compatible servers leave the index out: there another id begins a call, or the name where ids are left out too. */
function indexOf(calls: readonly ToolCall[], { id, function: piece }: Fragment): number {
  const isNext = id === undefined ? Boolean(piece?.name) : id !== calls.at(-1)?.id;
  return isNext ? calls.length : Math.max(0, calls.length - 1);
}

/** The request in the provider's form. */
export function toChatBody(
  request: ModelRequest,
  { model, toolImages }: ChatTarget,
): OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming {
  return {
    model,
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: request.maxOutputTokens,
    messages: [
      ...(request.system === undefined ? [] : [{ role: 'system' as const, content: request.system }]),
      ...request.messages.flatMap((message) => toChat(message, toolImages)),
    ],
    tools: request.tools.length > 0 ? request.tools.map(toTool) : undefined,
    tool_choice: request.tools.length > 0 ? request.toolChoice : undefined,
  };
}

function toTool({
  name,
  description,
  inputSchema,
}: ToolDefinition): OpenAI.Chat.Completions.ChatCompletionTool {
  // OpenAI refuses a schema of an object without `properties`, which tools without arguments often leave out.
  return {
    type: 'function',
    function: { name, description, parameters: { properties: {}, ...inputSchema } },
  };
}

function toChat(message: Message, toolImages: ChatTarget['toolImages']): Chat[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: message.content.map(toPart) }];
    case 'assistant':
      return [
        {
          role: 'assistant',
          content: message.text === '' ? null : message.text,
          tool_calls: message.toolCalls.length > 0 ? message.toolCalls.map(toCall) : undefined,
        },
      ];
    case 'tool':
      return [
        ...message.results.map(toToolMessage),
        ...(toolImages === 'sent' ? shownImages(message.results) : []),
      ];
    default:
      return message satisfies never;
  }
}

function toCall({
  id,
  name,
  argumentsJson,
}: ToolCall): OpenAI.Chat.Completions.ChatCompletionMessageFunctionToolCall {
  return { id, type: 'function', function: { name, arguments: argumentsJson || '{}' } };
}

function toToolMessage(result: ToolResult): Chat {
  return { role: 'tool', tool_call_id: result.callId, content: outcomeText(result) };
}

/** The images of a turn's results, in the order in which its tool messages name them. */
function shownImages(results: readonly ToolResult[]): Chat[] {
  const images = results.flatMap(({ name, content }) => {
    const parts = content.filter((part) => toReadable(part).kind === 'image').map(toPart);
    return parts.length === 0 ? [] : [{ type: 'text' as const, text: `Images that ${name} gave:` }, ...parts];
  });
  return images.length === 0 ? [] : [{ role: 'user', content: images }];
}

function toPart(part: ContentPart): OpenAI.Chat.Completions.ChatCompletionContentPart {
  const readable = toReadable(part);
  if (readable.kind === 'text') return { type: 'text', text: readable.text };
  if (readable.kind === 'pdf') return { type: 'text', text: outcomeText({ content: [part] }) };
  return { type: 'image_url', image_url: { url: `data:${readable.mimeType};base64,${readable.data}` } };
}
