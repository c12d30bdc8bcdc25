import type { SchemaDialectName } from './schema/dialects.ts';

/** Where a provider's settings come from and how it is spoken to. A provider is one row. */
export interface Provider {
  /** The part before the slash in `provider/model`. */
  readonly name: string;
  /** For people. */
  readonly label: string;
  /** `openai` and `azure-openai` have two APIs, between which `OPENAI_API` chooses; compatible servers have the older. */
  readonly api: 'openai' | 'openai-chat' | 'azure-openai' | 'anthropic-messages';
  /** What it takes of JSON Schema in a tool. */
  readonly schemas: SchemaDialectName;
  /** Whether its models read images, and it takes those of tools in Chat Completions. Holds at its own address alone. */
  readonly readsImages?: boolean;
  /** The usual environment variables. */
  readonly keyVariable: string;
  readonly baseUrlVariable: string;
  readonly modelVariable: string;
  readonly defaultBaseUrl?: string;
  readonly defaultModel?: string;
  /** Runs on one's own machine: needs no key, and is never chosen because one is set. */
  readonly isLocal?: boolean;
}

/** Servers of models on one's own machine, at the ports that they have unless told otherwise. */
export const LOCAL_PROVIDERS: readonly Provider[] = [
  { ...compatible('ollama', 'Ollama', 'http://127.0.0.1:11434/v1'), isLocal: true },
  { ...compatible('lmstudio', 'LM Studio', 'http://127.0.0.1:1234/v1'), schemas: 'grammar', isLocal: true },
  { ...compatible('llamacpp', 'llama.cpp', 'http://127.0.0.1:8080/v1'), schemas: 'grammar', isLocal: true },
  { ...compatible('vllm', 'vLLM', 'http://127.0.0.1:8000/v1'), isLocal: true },
];

/** In the order in which a key decides, when more than one is set and nothing names a model. */
export const PROVIDERS: readonly Provider[] = [
  {
    name: 'anthropic',
    label: 'Anthropic',
    api: 'anthropic-messages',
    schemas: 'anthropic',
    keyVariable: 'ANTHROPIC_API_KEY',
    baseUrlVariable: 'ANTHROPIC_BASE_URL',
    modelVariable: 'ANTHROPIC_MODEL',
    defaultBaseUrl: 'https://api.anthropic.com',
    defaultModel: 'claude-sonnet-5-5',
  },
  {
    name: 'openai',
    label: 'OpenAI',
    api: 'openai',
    schemas: 'whole',
    readsImages: true,
    keyVariable: 'OPENAI_API_KEY',
    baseUrlVariable: 'OPENAI_BASE_URL',
    modelVariable: 'OPENAI_MODEL',
    defaultBaseUrl: 'https://api.openai.com/v1',
    defaultModel: 'gpt-5.5',
  },
  {
    name: 'azure',
    label: 'Azure OpenAI',
    api: 'azure-openai',
    schemas: 'whole',
    readsImages: true,
    keyVariable: 'AZURE_OPENAI_API_KEY',
    baseUrlVariable: 'AZURE_OPENAI_ENDPOINT',
    modelVariable: 'AZURE_OPENAI_DEPLOYMENT',
  },
  compatible('groq', 'Groq', 'https://api.groq.com/openai/v1'),
  compatible('openrouter', 'OpenRouter', 'https://openrouter.ai/api/v1'),
  {
    ...compatible('gemini', 'Gemini', 'https://generativelanguage.googleapis.com/v1beta/openai'),
    schemas: 'gemini',
    readsImages: true,
  },
  compatible('mistral', 'Mistral', 'https://api.mistral.ai/v1'),
  compatible('deepseek', 'DeepSeek', 'https://api.deepseek.com/v1'),
  ...LOCAL_PROVIDERS,
];

/** A provider that speaks Chat Completions and whose variables follow the usual pattern. Its models must be named. */
function compatible(name: string, label: string, defaultBaseUrl: string): Provider {
  const prefix = name.toUpperCase();
  return {
    name,
    label,
    api: 'openai-chat',
    schemas: 'inlined',
    keyVariable: `${prefix}_API_KEY`,
    baseUrlVariable: `${prefix}_BASE_URL`,
    modelVariable: `${prefix}_MODEL`,
    defaultBaseUrl,
  };
}
