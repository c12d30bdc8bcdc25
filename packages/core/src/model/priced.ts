import type { Usage } from '../usage.ts';
import type { LanguageModel, ModelEvent } from './language-model.ts';

/** What a model costs, per million tokens, in any one currency. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** For input that the provider had in its cache. Default: as any input. */
  readonly cachedInput?: number | undefined;
  /** For input that the provider put into its cache. Default: as any input. */
  readonly cacheWrite?: number | undefined;
}

const MILLION = 1_000_000;

/** The same model, whose `usage` events say what it cost. */
export function priced(inner: LanguageModel, price: ModelPrice): LanguageModel {
  return {
    id: inner.id,
    label: inner.label,
    async *stream(request, signal): AsyncGenerator<ModelEvent> {
      for await (const event of inner.stream(request, signal)) {
        if (event.type === 'usage') {
          yield { type: 'usage', usage: { ...event.usage, cost: costOf(event.usage, price) } };
        } else yield event;
      }
    },
  };
}

function costOf(
  usage: Usage,
  { input, output, cachedInput = input, cacheWrite = input }: ModelPrice,
): number {
  const { inputTokens, outputTokens, cachedInputTokens: cached = 0, cacheWriteTokens: written = 0 } = usage;
  const plain = Math.max(0, inputTokens - cached - written);
  return (plain * input + cached * cachedInput + written * cacheWrite + outputTokens * output) / MILLION;
}
