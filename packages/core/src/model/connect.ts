import type OpenAI from 'openai';
import type { Environment } from '../config/expand-variables.ts';
import { ifSet } from '../config/expand-variables.ts';
import { PatchbayError } from '../errors.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import type { LanguageModel } from './language-model.ts';
import { openAiChat } from './openai-chat.ts';
import { openAiResponses } from './openai-responses.ts';
import { toModelError } from './provider-error.ts';
import type { Provider } from './providers.ts';

/** What all that is known of one provider comes to. */
export interface Endpoint {
  readonly provider: Provider;
  readonly model: string;
  readonly baseUrl: string;
  readonly key: string;
}

/** One visible attempt: the SDKs' own retries are silent, and differ. */
const SHARED = { maxRetries: 0, logLevel: 'off' } as const;

/**
 * The model at an endpoint, by the API that the provider speaks. The SDK is loaded at the first request.
 *
 * @throws {PatchbayError} `CONFIG_INVALID` when `OPENAI_API` asks for what there is not.
 */
export function connect({ provider, model, baseUrl, key }: Endpoint, env: Environment): LanguageModel {
  const { label, keyVariable } = provider;
  const id = `${provider.name}/${model}`;
  const isItself = provider.defaultBaseUrl === undefined || provider.defaultBaseUrl === baseUrl;
  const toolImages = provider.readsImages === true && isItself ? 'sent' : 'described';
  const toError = (error: unknown): Error => toModelError(error, { label, model, baseUrl, keyVariable, key });
  switch (provider.api) {
    case 'anthropic-messages':
      return anthropicMessages({
        id,
        model,
        toError,
        openClient: async () => {
          const { default: Anthropic } = await import('@anthropic-ai/sdk');
          const defaultHeaders = ifSet(env['ANTHROPIC_LEGACY']) ? legacyHeaders(key) : undefined;
          return new Anthropic({ ...SHARED, apiKey: key, authToken: null, baseURL: baseUrl, defaultHeaders });
        },
      });
    case 'openai-chat':
      return openAiChat({ id, model, toError, toolImages, openClient: () => openOpenAi(baseUrl, key) });
    case 'openai': {
      const open = openAiAdapter(env);
      return open({ id, model, toError, toolImages, openClient: () => openOpenAi(baseUrl, key) });
    }
    case 'azure-openai': {
      const open = openAiAdapter(env);
      const root = baseUrl.replace(/\/+$/, '');
      const apiVersion = ifSet(env['AZURE_OPENAI_API_VERSION']) ?? ifSet(env['OPENAI_API_VERSION']);
      // Azure's current API takes no version and is plain OpenAI at another address; the dated one has its own client.
      if (apiVersion === undefined) {
        return open({
          id,
          model,
          toError,
          toolImages,
          openClient: () => openOpenAi(`${root}/openai/v1/`, key),
        });
      }
      if (open === openAiResponses) throw datedResponses();
      return open({
        id,
        model,
        toError,
        toolImages,
        openClient: () => openDatedAzure({ model, root, key, apiVersion }),
      });
    }
    default:
      return provider.api satisfies never;
  }
}

/** `OPENAI_API` chooses between the two APIs of OpenAI: `chat`, the default, or `responses`. */
function openAiAdapter(env: Environment): typeof openAiChat {
  const api = ifSet(env['OPENAI_API']) ?? 'chat';
  if (api === 'chat') return openAiChat;
  if (api === 'responses') return openAiResponses;
  throw new PatchbayError('CONFIG_INVALID', `OPENAI_API is "${api}"; it may be chat or responses`);
}

function datedResponses(): PatchbayError {
  const message =
    'OPENAI_API=responses needs the v1 API of Azure OpenAI, but a version of the dated one is set';
  return new PatchbayError('CONFIG_INVALID', message, {
    hint: 'Remove AZURE_OPENAI_API_VERSION and OPENAI_API_VERSION, or OPENAI_API.',
  });
}

/** What Anthropic-compatible proxies know that were written before the API's revision of 2026-10-21. */
function legacyHeaders(key: string): Record<string, string | null> {
  return { 'anthropic-version': '2023-06-01', 'x-api-key': key, authorization: null };
}

async function openOpenAi(baseURL: string, apiKey: string): Promise<OpenAI> {
  const { default: Client } = await import('openai');
  return new Client({ ...SHARED, apiKey, baseURL });
}

interface DatedAzure {
  readonly model: string;
  readonly root: string;
  readonly key: string;
  readonly apiVersion: string;
}

async function openDatedAzure({ model, root, key, apiVersion }: DatedAzure): Promise<OpenAI> {
  const { AzureOpenAI } = await import('openai');
  // An empty base URL keeps the client from reading OPENAI_BASE_URL, which it would refuse beside the endpoint.
  return new AzureOpenAI({
    ...SHARED,
    apiKey: key,
    apiVersion,
    deployment: model,
    endpoint: root,
    baseURL: '',
  });
}
