import { isObject } from '../json.ts';

/** One place where two JSON values differ. */
export interface Difference {
  /** A JSON path, such as `$.messages[2].content`. */
  readonly path: string;
  /** `undefined` where there is nothing. */
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Where `actual` departs from `expected`, in the order of the paths. What `ignoring` matches in texts is equal. */
export function structuralDiff(
  expected: unknown,
  actual: unknown,
  ignoring: readonly RegExp[] = [],
): readonly Difference[] {
  return [...differences({ path: '$', expected, actual }, ignoring)];
}

function* differences(
  { path, expected, actual }: Difference,
  ignoring: readonly RegExp[],
): Generator<Difference> {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    for (let at = 0; at < Math.max(expected.length, actual.length); at += 1) {
      yield* differences({ path: `${path}[${at}]`, expected: expected[at], actual: actual[at] }, ignoring);
    }
  } else if (isObject(expected) && isObject(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const inner = /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
      yield* differences({ path: inner, expected: expected[key], actual: actual[key] }, ignoring);
    }
  } else if (normal(expected, ignoring) !== normal(actual, ignoring)) {
    yield { path, expected, actual };
  }
}

function normal(value: unknown, ignoring: readonly RegExp[]): unknown {
  if (typeof value !== 'string')
    return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : value;
  return ignoring.reduce((text, pattern) => text.replaceAll(pattern, '*'), value);
}

const MAX_SHOWN_CHARS = 160;
/** How much of what two texts have in common is shown before they part, in characters. */
const CONTEXT_CHARS = 40;

/** `$.path` and, below it, what was expected and what came; of long texts the part in which they differ. */
export function printDifference({ path, expected, actual }: Difference): string {
  const from = typeof expected === 'string' && typeof actual === 'string' ? partsAt(expected, actual) : 0;
  return `  ${path}\n    - ${excerpt(expected, from)}\n    + ${excerpt(actual, from)}`;
}

function partsAt(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return Math.max(0, at - CONTEXT_CHARS);
}

function excerpt(value: unknown, from: number): string {
  if (value === undefined) return '(nothing)';
  const text = typeof value === 'string' ? JSON.stringify(value.slice(from)) : JSON.stringify(value);
  const shown = text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text;
  return from > 0 ? `…${shown}` : shown;
}
