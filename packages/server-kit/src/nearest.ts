const MAX_SUGGESTIONS = 5;

/** Share of common letter pairs from which two names count as alike. */
const MIN_LIKENESS = 0.35;

/** Up to five of `names` that look like `wanted`, the likeliest first. */
export function nearest(wanted: string, names: readonly string[]): readonly string[] {
  const pairs = letterPairs(wanted);
  return names
    .map((name) => ({ name, likeness: likeness(pairs, letterPairs(name)) }))
    .filter((candidate) => candidate.likeness >= MIN_LIKENESS)
    .toSorted((a, b) => b.likeness - a.likeness)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ name }) => name);
}

/** Pairs of neighbouring letters, with the ends marked, so that a name of one letter has pairs too. */
function letterPairs(name: string): ReadonlySet<string> {
  const letters = ` ${name.toLowerCase()} `;
  return new Set(Array.from({ length: letters.length - 1 }, (_, index) => letters.slice(index, index + 2)));
}

/** Twice the common pairs by all pairs (Dice): cheap, and forgiving of swapped, missing and added letters. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter((pair) => b.has(pair)).length;
  return (2 * common) / (a.size + b.size);
}
