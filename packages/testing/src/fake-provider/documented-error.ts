import type { ProviderRequest } from './provider-request.ts';
import type { ProviderTurn } from './provider-turn.ts';

export type DocumentedErrorName =
  | 'bad-gateway'
  | 'context-overflow'
  | 'forbidden'
  | 'missing-key'
  | 'overloaded'
  | 'rate-limited'
  | 'spend-limit'
  | 'unknown-model'
  | 'wrong-key';

type HttpError = Extract<ProviderTurn, { kind: 'http-error' }>;

/**
 * A failure as the API of the request reports it. Source: the error pages of both providers.
 *
 * `retryAfterSeconds` adds the `retry-after` header. `overloaded` is 529 at Anthropic and 503 at OpenAI;
 * `bad-gateway` is an HTML page, as proxies send it; `spend-limit` is the 429 that no retry mends.
 */
export function documentedError(
  request: Pick<ProviderRequest, 'api' | 'model'>,
  name: DocumentedErrorName,
  options: { readonly retryAfterSeconds?: number } = {},
): HttpError {
  const { retryAfterSeconds } = options;
  const { status, body } = errorsOf(request)[name];
  return {
    kind: 'http-error',
    status,
    body,
    ...(retryAfterSeconds !== undefined && { headers: { 'retry-after': String(retryAfterSeconds) } }),
  };
}

type ErrorTable = Readonly<Record<DocumentedErrorName, { readonly status: number; readonly body: unknown }>>;

function errorsOf({ api, model }: Pick<ProviderRequest, 'api' | 'model'>): ErrorTable {
  switch (api) {
    case 'openai-chat':
      return openAiErrors(model);
    case 'openai-responses':
      return { ...openAiErrors(model), 'context-overflow': inputTooLong };
    case 'anthropic-messages':
      return anthropicErrors(model);
    default:
      return api satisfies never;
  }
}

const badGateway = {
  status: 502,
  body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
};

const openAiErrors = (model: string): ErrorTable => ({
  'missing-key': openAiError(401, {
    message:
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth.",
  }),
  'wrong-key': openAiError(401, {
    message:
      'Incorrect API key provided: fake-***-key. You can find your API key at https://platform.openai.com/account/api-keys.',
    code: 'invalid_api_key',
  }),
  forbidden: openAiError(403, { message: 'You are not allowed to sample from this model' }),
  'unknown-model': openAiError(404, {
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    code: 'model_not_found',
  }),
  'context-overflow': openAiError(400, {
    message:
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens. Please reduce the length of the messages.",
    param: 'messages',
    code: 'context_length_exceeded',
  }),
  'rate-limited': openAiError(429, {
    message: 'Rate limit reached for requests. Please try again later.',
    type: 'requests',
    code: 'rate_limit_exceeded',
  }),
  'spend-limit': openAiError(429, {
    message: 'You exceeded your current quota, please check your plan and billing details.',
    type: 'insufficient_quota',
    code: 'insufficient_quota',
  }),
  overloaded: openAiError(503, {
    message: 'The engine is currently overloaded, please try again later.',
    type: 'server_error',
  }),
  'bad-gateway': badGateway,
});

const inputTooLong = openAiError(400, {
  message: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
  param: 'input',
  code: 'context_length_exceeded',
});

const anthropicErrors = (model: string): ErrorTable => ({
  'missing-key': anthropicError(401, 'authentication_error', 'x-api-key header is required'),
  'wrong-key': anthropicError(401, 'authentication_error', 'invalid x-api-key'),
  forbidden: anthropicError(
    403,
    'permission_error',
    'Your API key does not have permission to use the specified resource.',
  ),
  'unknown-model': anthropicError(404, 'not_found_error', `model: ${model}`),
  'context-overflow': anthropicError(
    400,
    'invalid_request_error',
    'prompt is too long: 213423 tokens > 200000 maximum',
  ),
  'rate-limited': anthropicError(
    429,
    'rate_limit_error',
    'Number of request tokens has exceeded your per-minute rate limit',
  ),
  'spend-limit': anthropicError(429, 'rate_limit_error', 'Your organization has reached its spend limit', {
    details: { error_code: 'enforced_spend_limit_reached' },
  }),
  overloaded: anthropicError(529, 'overloaded_error', 'Overloaded'),
  'bad-gateway': badGateway,
});

function openAiError(
  status: number,
  error: { message: string; type?: string; param?: string; code?: string },
): ErrorTable[DocumentedErrorName] {
  return { status, body: { error: { type: 'invalid_request_error', param: null, code: null, ...error } } };
}

function anthropicError(
  status: number,
  type: string,
  message: string,
  extra: object = {},
): ErrorTable[DocumentedErrorName] {
  return { status, body: { type: 'error', error: { type, message, ...extra }, request_id: 'req_fake' } };
}
