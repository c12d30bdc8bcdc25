import type { Environment } from '../config/expand-variables.ts';
import { ifSet } from '../config/expand-variables.ts';
import { PatchbayError } from '../errors.ts';
import { suggestingModels } from './close-models.ts';
import type { Endpoint } from './connect.ts';
import { connect } from './connect.ts';
import { fittingTools } from './fitting-tools.ts';
import type { LanguageModel } from './language-model.ts';
import { offlinePlanner } from './offline/planner.ts';
import { promptedTools } from './prompted-tools.ts';
import type { Provider } from './providers.ts';
import { PROVIDERS } from './providers.ts';
import { retrying } from './retrying.ts';
import { SCHEMA_DIALECTS } from './schema/dialects.ts';
import { stallGuard } from './stall-guard.ts';

/** The model to talk to, and a sentence for people where the choice was not theirs. */
export interface ModelChoice {
  readonly model: LanguageModel;
  readonly note?: string;
  /** Asks the provider which models it has, as `--model` takes them. The offline planner has none. Throws as it streams. */
  readonly listModels?: (signal?: AbortSignal) => Promise<readonly string[]>;
}

/**
 * Chooses by `wanted` (`provider/model`, a provider alone, or `offline`), else by `PATCHBAY_MODEL`, else by the
 * provider whose key is set, else the offline planner. `PATCHBAY_TOOL_CALLING=prompted` describes tools in the prompt
 * for models that cannot call them.
 *
 * @throws {PatchbayError} `MODEL_AUTH` when the chosen provider has no key, `CONFIG_INVALID` when the choice is not
 * one. No request is made here.
 */
export function chooseModel(
  env: Environment,
  wanted: string | undefined = env['PATCHBAY_MODEL'],
): ModelChoice {
  if (wanted !== undefined && wanted !== '') return namedModel(wanted, env);
  const withKey = PROVIDERS.filter(
    ({ keyVariable, isLocal }) => isLocal !== true && ifSet(env[keyVariable]) !== undefined,
  );
  const [first, ...others] = withKey;
  if (!first) {
    const note =
      'No API key set: using the offline planner (rule-based, not an AI model). For a real model put ' +
      'OPENAI_API_KEY=… or ANTHROPIC_API_KEY=… into .env (see .env.example).';
    return { model: offlinePlanner(), note };
  }
  const choice = openModel(first, undefined, env);
  if (others.length === 0) return choice;
  const names = withKey.map(({ keyVariable }) => keyVariable).join(' and ');
  return {
    ...choice,
    note: `${names} are set: using ${choice.model.id}. --model or PATCHBAY_MODEL chooses.`,
  };
}

function namedModel(wanted: string, env: Environment): ModelChoice {
  if (wanted === 'offline') return { model: offlinePlanner() };
  const slash = wanted.indexOf('/');
  const name = slash === -1 ? wanted : wanted.slice(0, slash);
  const model = slash === -1 ? undefined : wanted.slice(slash + 1);
  const provider = PROVIDERS.find((each) => each.name === name);
  if (provider) return openModel(provider, model, env);
  const known = [...PROVIDERS.map((each) => each.name), 'offline'].join(', ');
  throw new PatchbayError('CONFIG_INVALID', `"${wanted}" names no provider that is known`, {
    hint: `Write provider/model; the providers are ${known}. A compatible server: openai/<model> with OPENAI_BASE_URL.`,
  });
}

function openModel(provider: Provider, model: string | undefined, env: Environment): ModelChoice {
  const connection = connect(resolveEndpoint(provider, model, env), env);
  const { listModels } = connection;
  const asked = retrying(stallGuard(suggestingModels(connection)));
  const opened = fittingTools(asked, SCHEMA_DIALECTS[provider.schemas]);
  const mode = env['PATCHBAY_TOOL_CALLING'] ?? '';
  if (mode === 'prompted') return { model: promptedTools(opened), listModels };
  if (mode === '' || mode === 'native') return { model: opened, listModels };
  throw new PatchbayError(
    'CONFIG_INVALID',
    `PATCHBAY_TOOL_CALLING is "${mode}"; it may be native or prompted`,
  );
}

function resolveEndpoint(provider: Provider, named: string | undefined, env: Environment): Endpoint {
  const { label, keyVariable, baseUrlVariable, modelVariable } = provider;
  const ownBaseUrl = ifSet(env[baseUrlVariable]);
  const baseUrl = ownBaseUrl ?? provider.defaultBaseUrl;
  if (baseUrl === undefined) {
    throw new PatchbayError('CONFIG_INVALID', `${label} needs ${baseUrlVariable}`, {
      hint: 'Set it in .env.',
    });
  }
  const model = ifSet(named) ?? ifSet(env[modelVariable]) ?? provider.defaultModel;
  if (model === undefined) {
    const hint = `Write --model ${provider.name}/<model>, or set ${modelVariable} in .env.`;
    throw new PatchbayError('CONFIG_INVALID', `${label} needs the name of a model`, { hint });
  }
  // A compatible server on one's own machine asks for no key, but the SDK insists on one.
  const needsKey = provider.isLocal !== true && ownBaseUrl === undefined;
  const key = ifSet(env[keyVariable]) ?? (needsKey ? undefined : 'none');
  if (key === undefined) {
    throw new PatchbayError('MODEL_AUTH', `${label} needs a key: ${keyVariable} is not set`, {
      hint: `Put ${keyVariable}=… into .env, or use the model "offline", which needs none.`,
    });
  }
  return { provider, model, baseUrl, key };
}
