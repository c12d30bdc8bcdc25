import type Anthropic from '@anthropic-ai/sdk';
import type OpenAI from 'openai';
import type { Environment } from '../config/expand-variables.ts';
import { ifSet } from '../config/expand-variables.ts';
import { PatchbayError } from '../errors.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { connectingWithin, connectTimeoutMs } from './connect-limit.ts';
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

/** A model, and the way to ask its provider which others there are. */
export interface Connection {
  readonly model: LanguageModel;
  /** The names that the provider has, as `--model` takes them. Throws as {@link LanguageModel.stream} does. */
  readonly listModels: (signal?: AbortSignal) => Promise<readonly string[]>;
}

/**
 * The model at an endpoint, by the API that the provider speaks. The SDK is loaded at the first request.
 *
 * @throws {PatchbayError} `CONFIG_INVALID` when `OPENAI_API` asks for what there is not.
 */
export function connect({ provider, model, baseUrl, key }: Endpoint, env: Environment): Connection {
  const { label, keyVariable } = provider;
  const id = `${provider.name}/${model}`;
  const isItself = provider.defaultBaseUrl === undefined || provider.defaultBaseUrl === baseUrl;
  const fetch = connectingWithin(connectTimeoutMs(env));
  const toolImages = provider.readsImages === true && isItself ? 'sent' : 'described';
  const toError = (error: unknown): Error => toModelError(error, { label, model, baseUrl, keyVariable, key });
  const listed = (names: Iterable<{ readonly id: string }>): readonly string[] =>
    Array.from(names, (each) => `${provider.name}/${each.id}`);

  if (provider.api === 'anthropic-messages') {
    const openClient = (): Promise<Anthropic> => openAnthropic({ baseUrl, key, fetch }, env);
    return {
      model: anthropicMessages({ id, model, toError, openClient, isCaching: isItself }),
      listModels: (signal) =>
        orElse(toError, async () => listed((await (await openClient()).models.list({}, { signal })).data)),
    };
  }
  const open = provider.api === 'openai-chat' ? openAiChat : openAiAdapter(env);
  const openClient =
    provider.api === 'azure-openai'
      ? azureOpener({ model, root: baseUrl.replace(/\/+$/, ''), key, fetch }, { open, env })
      : (): Promise<OpenAI> => openOpenAi({ baseUrl, key, fetch });
  return {
    model: open({ id, model, toError, toolImages, openClient }),
    listModels: (signal) =>
      orElse(toError, async () => listed((await (await openClient()).models.list({ signal })).data)),
  };
}

async function orElse<T>(toError: (error: unknown) => Error, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toError(error);
  }
}

async function openAnthropic({ baseUrl, key, fetch }: Address, env: Environment): Promise<Anthropic> {
  const { default: Client } = await import('@anthropic-ai/sdk');
  const defaultHeaders = ifSet(env['ANTHROPIC_LEGACY']) ? legacyHeaders(key) : undefined;
  return new Client({ ...SHARED, fetch, apiKey: key, authToken: null, baseURL: baseUrl, defaultHeaders });
}

/** Azure's current API takes no version and is plain OpenAI at another address; the dated one has its own client. */
function azureOpener(
  { model, root, key, fetch }: Omit<DatedAzure, 'apiVersion'>,
  { open, env }: { readonly open: typeof openAiChat; readonly env: Environment },
): () => Promise<OpenAI> {
  const apiVersion = ifSet(env['AZURE_OPENAI_API_VERSION']) ?? ifSet(env['OPENAI_API_VERSION']);
  if (apiVersion === undefined) return () => openOpenAi({ baseUrl: `${root}/openai/v1/`, key, fetch });
  if (open === openAiResponses) throw datedResponses();
  return () => openDatedAzure({ model, root, key, fetch, apiVersion });
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

async function openOpenAi({ baseUrl, key, fetch }: Address): Promise<OpenAI> {
  const { default: Client } = await import('openai');
  return new Client({ ...SHARED, fetch, apiKey: key, baseURL: baseUrl });
}

/** Where a client connects to, and how. */
interface Address extends Pick<Endpoint, 'baseUrl' | 'key'> {
  readonly fetch: typeof globalThis.fetch;
}

interface DatedAzure extends Pick<Address, 'key' | 'fetch'> {
  readonly model: string;
  readonly root: string;
  readonly apiVersion: string;
}

async function openDatedAzure({ model, root, key, fetch, apiVersion }: DatedAzure): Promise<OpenAI> {
  const { AzureOpenAI } = await import('openai');
  // An empty base URL keeps the client from reading OPENAI_BASE_URL, which it would refuse beside the endpoint.
  return new AzureOpenAI({
    ...SHARED,
    fetch,
    apiKey: key,
    apiVersion,
    deployment: model,
    endpoint: root,
    baseURL: '',
  });
}
