import type { Provider } from './providers.ts';
import { LOCAL_PROVIDERS } from './providers.ts';

/** Longest wait for an answer: what runs on this machine answers at once or is something else. */
const ANSWER_LIMIT_MS = 300;

/** A model server that runs on this machine, with the models it offers as `--model` takes them. */
export interface LocalServer {
  readonly label: string;
  readonly models: readonly string[];
}

/** Asks the usual ports of Ollama, LM Studio, llama.cpp and vLLM, all at once. Never fails: who does not answer is not there. */
export async function findLocalServers(
  providers: readonly Pick<Provider, 'name' | 'label' | 'defaultBaseUrl'>[] = LOCAL_PROVIDERS,
): Promise<readonly LocalServer[]> {
  const found = await Promise.all(
    providers.map(async ({ name, label, defaultBaseUrl }) => {
      const models = await listModels(`${defaultBaseUrl}/models`);
      return { label, models: models.map((model) => `${name}/${model}`) };
    }),
  );
  return found.filter(({ models }) => models.length > 0);
}

async function listModels(url: string): Promise<readonly string[]> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    // Other programs listen at these ports too, so only the whole shape counts.
    const z = await import('zod');
    const ModelList = z.object({
      object: z.literal('list'),
      data: z.array(z.object({ id: z.string() })).min(1),
    });
    return ModelList.parse(await response.json()).data.map(({ id }) => id);
  } catch {
    return [];
  }
}
