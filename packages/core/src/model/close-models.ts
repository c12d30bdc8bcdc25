import { PatchbayError } from '../errors.ts';
import { printable } from '../untrusted-text.ts';
import type { Connection } from './connect.ts';
import type { LanguageModel, ModelEvent } from './language-model.ts';

/** The provider answered a moment ago, so its list comes soon or not at all. */
const LIST_TIMEOUT_MS = 3000;
const MAX_NAMED = 4;
/** How alike two names are that may be meant for each other, of 1. */
const MIN_LIKENESS = 0.4;

/** When the provider has no model of that name, names those of its models that may have been meant. */
export function suggestingModels({ model: inner, listModels }: Connection): LanguageModel {
  return {
    id: inner.id,
    label: inner.label,
    async *stream(request, signal): AsyncGenerator<ModelEvent> {
      try {
        yield* inner.stream(request, signal);
      } catch (error) {
        if (!(error instanceof PatchbayError) || error.code !== 'MODEL_NOT_FOUND') throw error;
        const limit = AbortSignal.timeout(LIST_TIMEOUT_MS);
        // Where it fails, what counts is the error that it would have explained.
        const offered = await listModels(signal ? AbortSignal.any([signal, limit]) : limit).catch(() => []);
        if (offered.length === 0) throw error;
        throw new PatchbayError(error.code, error.message, {
          hint: suggestion(offered, inner.id),
          cause: error.cause,
        });
      }
    },
  };
}

function suggestion(offered: readonly string[], id: string): string {
  const prefix = id.slice(0, id.indexOf('/') + 1);
  const close = offered
    .map((name) => ({ name, likeness: likeness(name, id, prefix) }))
    .filter(({ likeness: score }) => score >= MIN_LIKENESS)
    .toSorted((one, other) => other.likeness - one.likeness);
  const names = (close.length > 0 ? close.map(({ name }) => name) : offered).slice(0, MAX_NAMED);
  const what = close.length > 0 ? 'Close matches' : `It has ${offered.length}, such as`;
  return `${what}: ${names.map((name) => printable(name)).join(', ')}.`;
}

/** The share of pairs of neighbouring characters that two names have in common behind `prefix` (Dice's coefficient). */
function likeness(one: string, other: string, prefix: string): number {
  const [pairs, others] = [pairsOf(one.slice(prefix.length)), pairsOf(other.slice(prefix.length))];
  const shared = [...pairs].filter((pair) => others.has(pair)).length;
  return (2 * shared) / Math.max(1, pairs.size + others.size);
}

function pairsOf(name: string): Set<string> {
  const text = name.toLowerCase();
  return new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)));
}
