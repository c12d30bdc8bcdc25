import type { FakeProvider } from '@patchbay/testing';

/** How each provider is chosen, from nothing but the environment. */
export const PROVIDERS: readonly {
  readonly name: string;
  readonly env: (provider: FakeProvider) => Record<string, string>;
}[] = [
  { name: 'openai', env: ({ openAiEnv }) => ({ ...openAiEnv, OPENAI_MODEL: 'm' }) },
  {
    name: 'openai, responses',
    env: ({ openAiEnv }) => ({ ...openAiEnv, OPENAI_MODEL: 'm', OPENAI_API: 'responses' }),
  },
  { name: 'anthropic', env: ({ anthropicEnv }) => ({ ...anthropicEnv, ANTHROPIC_MODEL: 'm' }) },
  {
    name: 'anthropic, older form',
    env: ({ anthropicEnv }) => ({ ...anthropicEnv, ANTHROPIC_MODEL: 'm', ANTHROPIC_LEGACY: '1' }),
  },
  { name: 'azure', env: ({ azureEnv }) => ({ ...azureEnv, AZURE_OPENAI_DEPLOYMENT: 'm' }) },
  {
    name: 'azure, responses',
    env: ({ azureEnv }) => ({ ...azureEnv, AZURE_OPENAI_DEPLOYMENT: 'm', OPENAI_API: 'responses' }),
  },
  {
    name: 'azure, dated',
    env: ({ azureEnv }) => ({
      ...azureEnv,
      AZURE_OPENAI_DEPLOYMENT: 'm',
      AZURE_OPENAI_API_VERSION: '2025-04-01-preview',
    }),
  },
];
