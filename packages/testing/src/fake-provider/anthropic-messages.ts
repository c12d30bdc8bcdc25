import { anthropicRefusal } from './anthropic-rules.ts';
import type { JsonObject } from '../json.ts';
import { contentText, objectsIn, parseOrKeep, stringOr } from '../json.ts';
import type { ProviderConversation, ProviderMessage } from './provider-request.ts';
import type { ProviderAnswer } from './provider-turn.ts';
import type { AnswerContext, Refusal, ServerSentEvent, Wire } from './wire.ts';
import { argumentText, DEFAULT_USAGE, piecesOf } from './wire.ts';

/** Anthropic Messages. Source: the type declarations of `@anthropic-ai/sdk` 1.10 and its API reference. */
export const anthropicMessages: Wire = {
  api: 'anthropic-messages',
  refusalOf: anthropicRefusal,
  read: readConversation,
  toBody,
  toEvents,
  toErrorBody: ({ message }: Refusal): JsonObject => errorBody('invalid_request_error', message),
  overloadBody: errorBody('overloaded_error', 'Overloaded'),
  toErrorEvent: (): ServerSentEvent => ({
    event: 'error',
    data: JSON.stringify(errorBody('overloaded_error', 'Overloaded')),
  }),
};

function errorBody(type: string, message: string): JsonObject {
  return { type: 'error', error: { type, message }, request_id: 'req_fake' };
}

function readConversation(body: JsonObject): ProviderConversation {
  const messages = objectsIn(body['messages']);
  const system = [
    contentText(body['system']),
    ...messages.filter(({ role }) => role === 'system').map(({ content }) => contentText(content)),
  ].filter((text) => text !== '');
  return {
    model: stringOr(body['model'], ''),
    ...(system.length > 0 && { system: system.join('\n\n') }),
    messages: messages.filter(({ role }) => role !== 'system').flatMap(readMessage),
    tools: objectsIn(body['tools']).map(({ name, description, input_schema: inputSchema }) => ({
      name: stringOr(name, ''),
      ...(typeof description === 'string' && { description }),
      inputSchema,
    })),
  };
}

/** One user message may hold several tool results: each becomes a message of its own. */
function readMessage({ role, content }: JsonObject): readonly ProviderMessage[] {
  const blocks = objectsIn(content);
  const rest = blocks.filter(({ type }) => type !== 'tool_use' && type !== 'tool_result');
  const text = contentText(typeof content === 'string' ? content : rest);
  if (role === 'assistant') {
    const toolCalls = blocks
      .filter(({ type }) => type === 'tool_use')
      .map(({ id, name, input }) => ({ id: stringOr(id, ''), name: stringOr(name, ''), args: input }));
    return [{ role: 'assistant', text, toolCalls }];
  }
  const results = blocks
    .filter(({ type }) => type === 'tool_result')
    .map((block): ProviderMessage => ({
      role: 'tool',
      text: contentText(block['content']),
      toolCallId: stringOr(block['tool_use_id'], ''),
      isError: block['is_error'] === true,
    }));
  return results.length > 0 && rest.length === 0 ? results : [...results, { role: 'user', text }];
}

function toBody(answer: ProviderAnswer, context: AnswerContext): JsonObject {
  const calls = callsOf(answer, context).map(({ json, ...block }) => ({
    ...block,
    input: parseOrKeep(json),
  }));
  const text = answer.text === undefined ? [] : [{ type: 'text', text: answer.text, citations: null }];
  const { input, output_tokens } = tokensOf(answer);
  return {
    ...emptyMessage(context, { ...input, output_tokens }),
    content: [...text, ...calls],
    stop_reason: stopReason(answer),
  };
}

function toEvents(answer: ProviderAnswer, context: AnswerContext): readonly ServerSentEvent[] {
  const { input, output_tokens } = tokensOf(answer);
  const blocks = [
    ...(answer.text === undefined
      ? []
      : [
          {
            start: { type: 'text', text: '', citations: null },
            deltas: piecesOf(answer.text, 12).map((text) => ({ type: 'text_delta', text })),
          },
        ]),
    ...callsOf(answer, context).map(({ json, ...block }) => ({
      start: { ...block, input: {} },
      // The first piece is empty on the real wire too.
      deltas: ['', ...piecesOf(json, 3)].map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
    })),
  ];
  return [
    event({
      type: 'message_start',
      message: emptyMessage(context, { ...input, output_tokens: 1 }),
    }),
    event({ type: 'ping' }),
    ...blocks.flatMap(({ start, deltas }, index) => [
      event({ type: 'content_block_start', index, content_block: start }),
      ...deltas.map((delta) => event({ type: 'content_block_delta', index, delta })),
      event({ type: 'content_block_stop', index }),
    ]),
    event({
      type: 'message_delta',
      delta: { stop_reason: stopReason(answer), stop_sequence: null, stop_details: null, container: null },
      usage: { ...NO_USAGE_DETAILS, ...input, output_tokens },
    }),
    event({ type: 'message_stop' }),
  ];
}

/** The API counts input that came from the cache apart. */
function tokensOf({ usage }: ProviderAnswer): { readonly input: JsonObject; readonly output_tokens: number } {
  const { inputTokens, outputTokens, cached = 0 } = usage ?? DEFAULT_USAGE;
  const cache = cached === 0 ? {} : { cache_read_input_tokens: cached };
  return { input: { input_tokens: inputTokens - cached, ...cache }, output_tokens: outputTokens };
}

/** The counters that are present and null when a request uses no cache and no server-side tool. */
const NO_USAGE_DETAILS = {
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
  output_tokens_details: null,
  server_tool_use: null,
};

function event(data: { readonly type: string } & JsonObject): ServerSentEvent {
  return { event: data.type, data: JSON.stringify(data) };
}

function emptyMessage({ sequence, model }: AnswerContext, tokens: JsonObject): JsonObject {
  return {
    id: `msg_${sequence}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    container: null,
    diagnostics: null,
    stop_details: null,
    stop_reason: null,
    stop_sequence: null,
    usage: {
      ...NO_USAGE_DETAILS,
      cache_creation: null,
      inference_geo: null,
      service_tier: 'standard',
      speed: 'standard',
      ...tokens,
    },
  };
}

interface CallBlock {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly caller: { readonly type: 'direct' };
  readonly json: string;
}

function callsOf(answer: ProviderAnswer, { sequence }: AnswerContext): readonly CallBlock[] {
  return (answer.toolCalls ?? []).map(({ id, name, args }, index) => ({
    type: 'tool_use',
    id: id ?? `toolu_${sequence}_${index + 1}`,
    name,
    caller: { type: 'direct' },
    json: argumentText(args),
  }));
}

function stopReason({ stopReason: given, toolCalls = [] }: ProviderAnswer): string {
  return given ?? (toolCalls.length > 0 ? 'tool_use' : 'end_turn');
}
