import type {
  DownServer,
  Environment,
  Host,
  LanguageModel,
  ResultBudgetOptions,
  ToolSource,
} from '@patchbay/core';
import { PatchbayError, withResultBudget, withToolSearch } from '@patchbay/core';

/**
 * The host's tools as a model gets them: long results bounded, and definitions searched instead of listed where they would
 * take too much of its context, which `PATCHBAY_CONTEXT_TOKENS` sizes. Long results, images and files are kept as `kept` says. Throws `CONFIG_INVALID` when that is no size.
 */
export function budgetedTools(
  host: Host,
  env: Environment,
  kept: Pick<ResultBudgetOptions, 'folder' | 'onUnwritten'> = {},
): (model: LanguageModel) => ToolSource {
  const contextTokens = readContextTokens(env['PATCHBAY_CONTEXT_TOKENS']);
  const all = withResultBudget(host.tools, kept);
  const searched = withResultBudget(
    withToolSearch(host.tools, { contextTokens, downServers: () => unusable(host) }),
    kept,
  );
  // The offline planner has no context to run out of, and knows tools by their names alone.
  return ({ id }) => (id.startsWith('offline/') ? all : searched);
}

function readContextTokens(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^[1-9]\d{2,8}$/.test(text)) return Number(text);
  throw new PatchbayError(
    'CONFIG_INVALID',
    `PATCHBAY_CONTEXT_TOKENS is "${text}", which is no number of tokens`,
    {
      hint: 'It is the size of the context of the model, such as 128000.',
    },
  );
}

function unusable(host: Host): DownServer[] {
  return host.servers().flatMap(({ server, state, tools }) => {
    if (state.kind === 'down') return [{ server, reason: state.reason }];
    const isUnknown = state.kind === 'connecting' && tools.length === 0;
    return isUnknown ? [{ server, reason: 'still starting' }] : [];
  });
}
