import { PatchbayError } from '../errors.ts';
import type { LanguageModel, ModelEvent } from './language-model.ts';

export interface StallLimits {
  /** Longest wait for the first event of an answer. */
  readonly firstMs?: number;
  /** Longest silence within an answer. */
  readonly idleMs?: number;
  /** Longest time of an answer as a whole, whatever it says meanwhile. */
  readonly totalMs?: number;
}

/**
 * Gives up on an answer that does not begin, that stops in the middle, or that never ends; the SDKs would wait ten minutes
 * for the first, and for ever for the others.
 */
export function stallGuard(
  inner: LanguageModel,
  { firstMs = 60_000, idleMs = 90_000, totalMs = 1_800_000 }: StallLimits = {},
): LanguageModel {
  return {
    id: inner.id,
    label: inner.label,
    async *stream(request, signal): AsyncGenerator<ModelEvent> {
      const stall = new AbortController();
      const both = signal ? AbortSignal.any([signal, stall.signal]) : stall.signal;
      let timer = setTimeout(() => stall.abort(stalled(inner, firstMs)), firstMs);
      const total = setTimeout(() => stall.abort(endless(inner, totalMs)), totalMs);
      try {
        for await (const event of inner.stream(request, both)) {
          clearTimeout(timer);
          yield event;
          timer = setTimeout(() => stall.abort(stalled(inner, idleMs)), idleMs);
        }
      } finally {
        clearTimeout(timer);
        clearTimeout(total);
      }
    },
  };
}

function stalled({ label }: LanguageModel, limitMs: number): PatchbayError {
  return new PatchbayError('MODEL_TIMEOUT', `${label} said nothing for ${limitMs / 1000} s`, {
    hint: 'Try again, or use another model.',
  });
}

function endless({ label }: LanguageModel, limitMs: number): PatchbayError {
  return new PatchbayError('MODEL_TIMEOUT', `${label} came to no end of its answer in ${limitMs / 1000} s`, {
    hint: 'Ask for less at once, or use another model.',
  });
}
