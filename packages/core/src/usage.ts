/** What models have used up. */
export interface Usage {
  /** All that was read, from a cache or not. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of the input: what the provider had in its cache. Absent where it does not say. */
  readonly cachedInputTokens?: number;
  /** Of the input: what the provider put into its cache, where that has a price of its own. */
  readonly cacheWriteTokens?: number;
  /** What it cost, in the currency that prices are given in. Absent where a price is not known. */
  readonly cost?: number;
}

/** What a provider has counted. A cache that it does not speak of, or that had no part in it, is left out. */
export function countedUsage(counts: {
  readonly input: number;
  readonly output: number;
  readonly cached?: number | null | undefined;
  readonly written?: number | null | undefined;
}): Usage {
  const { input: inputTokens, output: outputTokens, cached, written } = counts;
  return {
    inputTokens,
    outputTokens,
    ...(cached ? { cachedInputTokens: cached } : {}),
    ...(written ? { cacheWriteTokens: written } : {}),
  };
}

/** Both together. What one of them does not know, the sum of it does not either; a cache that is not spoken of is none. */
export function addUsage(one: Usage, other: Usage): Usage {
  if (isNothing(one)) return other;
  if (isNothing(other)) return one;
  const cached = sum(one.cachedInputTokens, other.cachedInputTokens);
  const written = sum(one.cacheWriteTokens, other.cacheWriteTokens);
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    ...(cached === undefined ? {} : { cachedInputTokens: cached }),
    ...(written === undefined ? {} : { cacheWriteTokens: written }),
    ...(one.cost === undefined || other.cost === undefined ? {} : { cost: one.cost + other.cost }),
  };
}

/** What nothing was used for has no cost, known or not. */
function isNothing({ inputTokens, outputTokens }: Usage): boolean {
  return inputTokens + outputTokens === 0;
}

function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined && other === undefined ? undefined : (one ?? 0) + (other ?? 0);
}
