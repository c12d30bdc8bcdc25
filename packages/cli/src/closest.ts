/** The candidates that `word` may have been meant to be, best first: they begin with it, or are a slip away. */
export function closest(word: string, candidates: readonly string[]): string[] {
  const wanted = word.toLowerCase();
  return candidates
    .map((candidate) => {
      const text = candidate.toLowerCase();
      return { candidate, distance: text.startsWith(wanted) ? 0 : editDistance(wanted, text) };
    })
    .filter(({ distance }) => distance <= Math.max(2, Math.floor(word.length / 3)))
    .toSorted((one, other) => one.distance - other.distance)
    .map(({ candidate }) => candidate)
    .slice(0, 3);
}

/** Behind a sentence without its stop: `. Did you mean a or b?`, or nothing where nothing is close. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const found = closest(word, candidates);
  return found.length === 0 ? '' : `. Did you mean ${found.join(' or ')}?`;
}

/** How many letters have to be added, dropped or changed to make one word of the other. */
function editDistance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(one).entries()) {
    const row = [i + 1];
    for (let j = 1; j <= other.length; j += 1) {
      const change = (above[j - 1] ?? 0) + (letter === other[j - 1] ? 0 : 1);
      row.push(Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, change));
    }
    above = row;
  }
  return above[other.length] ?? 0;
}
