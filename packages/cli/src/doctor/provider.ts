import type { Environment } from '@patchbay/core';
import { chooseModel, PatchbayError } from '@patchbay/core';
import { closest } from '../closest.ts';
import type { Finding } from './finding.ts';

const ANSWER_LIMIT_MS = 10_000;

/** Which model would answer, and whether its provider knows it: asked for its list of models, which costs nothing. */
export async function providerFinding(env: Environment, wanted: string | undefined): Promise<Finding> {
  const area = 'model';
  try {
    const { model, note, listModels } = chooseModel(env, wanted);
    if (!listModels) return { area, level: 'ok', what: note ?? model.label, data: { model: model.id } };
    const names = await listModels(AbortSignal.timeout(ANSWER_LIMIT_MS));
    const data = { model: model.id, models: names.length };
    if (names.includes(model.id)) {
      return {
        area,
        level: 'ok',
        what: `${model.id}: the provider answers, with ${names.length} models`,
        data,
      };
    }
    const near = closest(model.id, names);
    const hint =
      near.length > 0 ? `Close to it: ${near.join(', ')}.` : `It has: ${names.slice(0, 5).join(', ')} …`;
    // Some providers do not list every model that they have.
    return {
      area,
      level: 'caution',
      what: `${model.id} is not in the provider's list of models`,
      hint,
      data,
    };
  } catch (error) {
    if (error instanceof PatchbayError)
      return { area, level: 'problem', what: error.message, hint: error.hint };
    const hint = 'Check the network and the base URL of the provider.';
    return {
      area,
      level: 'problem',
      what: `the provider gave no answer in ${ANSWER_LIMIT_MS / 1000} s`,
      hint,
    };
  }
}
