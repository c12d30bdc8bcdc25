/** The one of `words` that `text` was meant to be, where it is one slip away: another case, or one letter too many, too few, wrong or swapped. */
export function meantWord(text: string, words: readonly string[]): string | undefined {
  return words.includes(text)
    ? undefined
    : words.find((word) => isSlip(text.toLowerCase(), word.toLowerCase()));
}

function isSlip(one: string, other: string): boolean {
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  let end = 0;
  const shared = Math.min(one.length, other.length) - start;
  while (end < shared && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const [left, right] = [one.slice(start, one.length - end), other.slice(start, other.length - end)];
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}
