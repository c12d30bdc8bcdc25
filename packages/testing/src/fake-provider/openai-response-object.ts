import type { JsonObject } from '../json.ts';
import type { ProviderAnswer } from './provider-turn.ts';
import type { AnswerContext } from './wire.ts';
import { argumentText, DEFAULT_USAGE } from './wire.ts';

/** 2026-01-01, so that responses are the same in every run. */
const CREATED = 1_767_225_600;

type ItemStatus = 'completed' | 'incomplete';

/** What a model puts out, in the order in which it does. */
export type OutputItem =
  | {
      readonly id: string;
      readonly type: 'reasoning';
      readonly summary: readonly never[];
      readonly encrypted_content?: string;
    }
  | {
      readonly id: string;
      readonly type: 'message';
      readonly status: ItemStatus;
      readonly role: 'assistant';
      readonly content: readonly [{ readonly type: 'output_text'; readonly text: string } & JsonObject];
    }
  | {
      readonly id: string;
      readonly type: 'function_call';
      readonly status: ItemStatus;
      readonly call_id: string;
      readonly name: string;
      readonly arguments: string;
    };

/** The items of an answer. Reasoning comes first, as from every current model: clients must bear it. */
export function itemsOf(answer: ProviderAnswer, { sequence, body }: AnswerContext): readonly OutputItem[] {
  const status = statusOf(answer);
  const include = body['include'];
  const isEncrypted = Array.isArray(include) && include.includes('reasoning.encrypted_content');
  const text = answer.text ?? (answer.toolCalls === undefined ? '' : undefined);
  return [
    {
      id: `rs_${sequence}`,
      type: 'reasoning',
      summary: [],
      ...(isEncrypted && { encrypted_content: 'gAAAAA' }),
    },
    ...(text === undefined
      ? []
      : [
          {
            id: `msg_${sequence}`,
            type: 'message',
            status,
            role: 'assistant',
            content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
          } as const,
        ]),
    ...(answer.toolCalls ?? []).map(({ id, name, args }, index) => ({
      id: `fc_${sequence}_${index + 1}`,
      type: 'function_call' as const,
      status,
      call_id: id ?? `call_${sequence}_${index + 1}`,
      name,
      arguments: argumentText(args),
    })),
  ];
}

export function begunResponse(context: AnswerContext): JsonObject {
  return envelope(context, { status: 'in_progress' });
}

export function failedResponse(error: JsonObject, context: AnswerContext): JsonObject {
  return envelope(context, { status: 'failed', error });
}

/** The whole answer. */
export function endedResponse(
  answer: ProviderAnswer,
  context: AnswerContext,
): JsonObject & { readonly status: ItemStatus } {
  const { inputTokens, outputTokens, cached = 0 } = answer.usage ?? DEFAULT_USAGE;
  const status = statusOf(answer);
  const end =
    status === 'completed'
      ? { completed_at: CREATED + 1 }
      : { incomplete_details: { reason: answer.stopReason } };
  const fields = {
    ...end,
    output: itemsOf(answer, context),
    usage: {
      input_tokens: inputTokens,
      input_tokens_details: { cached_tokens: cached, cache_write_tokens: 0 },
      output_tokens: outputTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: inputTokens + outputTokens,
    },
  };
  return { ...envelope(context, fields), status };
}

function statusOf({ stopReason }: ProviderAnswer): ItemStatus {
  return stopReason === undefined ? 'completed' : 'incomplete';
}

/** Every field that a response has, with what the request asked for. */
function envelope({ sequence, model, body }: AnswerContext, fields: JsonObject): JsonObject {
  return {
    id: `resp_${sequence}`,
    object: 'response',
    created_at: CREATED,
    completed_at: null,
    background: false,
    access_programs: null,
    error: null,
    incomplete_details: null,
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    metadata: {},
    model,
    output: [],
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    service_tier: 'default',
    store: body['store'] ?? true,
    temperature: 1,
    text: { format: { type: 'text' } },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: body['tools'] ?? [],
    top_p: 1,
    truncation: 'disabled',
    usage: null,
    user: null,
    ...fields,
  };
}
