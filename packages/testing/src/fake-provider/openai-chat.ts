import { contentText, objectsIn, parseOrKeep, stringOr, valueAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { OPENAI_OVERLOAD, openAiErrorBody } from './openai-refusals.ts';
import { openAiRefusal } from './openai-rules.ts';
import type { ProviderConversation, ProviderMessage } from './provider-request.ts';
import type { ProviderAnswer } from './provider-turn.ts';
import type { AnswerContext, Refusal, ServerSentEvent, Wire } from './wire.ts';
import { argumentText, DEFAULT_USAGE, piecesOf } from './wire.ts';

/** 2026-01-01, so that responses are the same in every run. */
const CREATED = 1_767_225_600;

/** OpenAI Chat Completions. Source: the type declarations of `openai` 7.55 and its API reference. */
export const openAiChat: Wire = {
  api: 'openai-chat',
  refusalOf: openAiRefusal,
  read: readConversation,
  toBody,
  toEvents,
  toErrorBody: (refusal: Refusal): JsonObject => openAiErrorBody('invalid_request_error', refusal),
  overloadBody: OPENAI_OVERLOAD,
  toErrorEvent: (): ServerSentEvent => ({ data: JSON.stringify(OPENAI_OVERLOAD) }),
};

function readConversation(body: JsonObject): ProviderConversation {
  const messages = objectsIn(body['messages']);
  const system = messages.filter(isInstruction).map(({ content }) => contentText(content));
  return {
    model: stringOr(body['model'], ''),
    ...(system.length > 0 && { system: system.join('\n\n') }),
    messages: messages.filter((message) => !isInstruction(message)).map(readMessage),
    tools: objectsIn(body['tools']).map(({ function: definition }) => {
      const description = valueAt(definition, 'description');
      return {
        name: stringOr(valueAt(definition, 'name'), ''),
        ...(typeof description === 'string' && { description }),
        inputSchema: valueAt(definition, 'parameters'),
      };
    }),
  };
}

function isInstruction({ role }: JsonObject): boolean {
  return role === 'system' || role === 'developer';
}

function readMessage(message: JsonObject): ProviderMessage {
  const text = contentText(message['content']);
  if (message['role'] === 'tool') {
    return { role: 'tool', text, toolCallId: stringOr(message['tool_call_id'], ''), isError: false };
  }
  if (message['role'] !== 'assistant') return { role: 'user', text };
  const toolCalls = objectsIn(message['tool_calls']).map((call) => ({
    id: stringOr(call['id'], ''),
    name: stringOr(valueAt(call, 'function', 'name'), ''),
    args: parseOrKeep(stringOr(valueAt(call, 'function', 'arguments'), '')),
  }));
  return { role: 'assistant', text, toolCalls };
}

function toBody(answer: ProviderAnswer, context: AnswerContext): JsonObject {
  const calls = callsOf(answer, context);
  const message = {
    role: 'assistant',
    content: answer.text ?? (calls.length > 0 ? null : ''),
    refusal: null,
    annotations: [],
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  return {
    ...envelope('chat.completion', context),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(answer) }],
    usage: usageOf(answer),
  };
}

function toEvents(answer: ProviderAnswer, context: AnswerContext): readonly ServerSentEvent[] {
  const withUsage = valueAt(context.body, 'stream_options', 'include_usage') === true;
  const chunk = (fields: JsonObject): ServerSentEvent => ({
    data: JSON.stringify({ ...envelope('chat.completion.chunk', context), ...fields }),
  });
  const delta = (content: JsonObject, reason: string | null = null): ServerSentEvent =>
    chunk({
      choices: [{ index: 0, delta: content, logprobs: null, finish_reason: reason }],
      ...(withUsage && { usage: null }),
    });
  const calls = callsOf(answer, context).flatMap(({ function: called, ...call }, index) => [
    delta({ tool_calls: [{ index, ...call, function: { name: called.name, arguments: '' } }] }),
    ...piecesOf(called.arguments, 3).map((piece) =>
      delta({ tool_calls: [{ index, function: { arguments: piece } }] }),
    ),
  ]);
  return [
    delta({ role: 'assistant', content: answer.text === undefined ? null : '', refusal: null }),
    ...piecesOf(answer.text ?? '', 12).map((content) => delta({ content })),
    ...calls,
    delta({}, finishReason(answer)),
    ...(withUsage ? [chunk({ choices: [], usage: usageOf(answer) })] : []),
    { data: '[DONE]' },
  ];
}

function envelope(object: string, { sequence, model }: AnswerContext): JsonObject {
  return { id: `chatcmpl-${sequence}`, object, created: CREATED, model, system_fingerprint: 'fp_fake' };
}

interface WireCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

function callsOf(answer: ProviderAnswer, { sequence }: AnswerContext): readonly WireCall[] {
  return (answer.toolCalls ?? []).map(({ id, name, args }, index) => ({
    id: id ?? `call_${sequence}_${index + 1}`,
    type: 'function',
    function: { name, arguments: argumentText(args) },
  }));
}

function finishReason({ stopReason, toolCalls = [] }: ProviderAnswer): string {
  return stopReason ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop');
}

function usageOf({ usage = DEFAULT_USAGE }: ProviderAnswer): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { audio_tokens: 0, cached_tokens: usage.cached ?? 0, cache_write_tokens: 0 },
  };
}
