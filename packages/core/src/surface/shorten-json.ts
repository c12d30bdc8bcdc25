import { isRecord } from '../json.ts';

/** How much of a list, a text and an object is shown, the widest view first; the first that fits is taken. */
const VIEWS = [
  { items: 50, chars: 500, keys: 100, depth: 8 },
  { items: 20, chars: 200, keys: 50, depth: 6 },
  { items: 6, chars: 100, keys: 20, depth: 4 },
  { items: 2, chars: 40, keys: 10, depth: 3 },
] as const;

type View = (typeof VIEWS)[number];

/** A shorter JSON text of the same shape, or `undefined` when `text` is no JSON or no view of it fits. */
export function shortenJson(text: string, maxChars: number): string | undefined {
  const value = parse(text);
  if (!Array.isArray(value) && !isRecord(value)) return undefined;
  for (const view of VIEWS) {
    const shortened = JSON.stringify(shorten(value, view, view.depth));
    if (shortened.length <= maxChars) return shortened;
  }
  return undefined;
}

function shorten(value: unknown, view: View, depth: number): unknown {
  if (typeof value === 'string') return shortenText(value, view.chars);
  if (Array.isArray(value)) return shortenList(value, view, depth);
  if (!isRecord(value)) return value;
  if (depth === 0) return `[object with ${Object.keys(value).length} keys]`;
  const entries = Object.entries(value);
  const shown = entries
    .slice(0, view.keys)
    .map(([key, inner]) => [key, shorten(inner, view, depth - 1)] as const);
  const hidden = entries.length - shown.length;
  return Object.fromEntries(hidden > 0 ? [...shown, ['…', `${hidden} more keys`]] : shown);
}

function shortenList(list: readonly unknown[], view: View, depth: number): unknown {
  if (depth === 0) return `[list of ${list.length}]`;
  const shorter = (items: readonly unknown[]): unknown[] =>
    items.map((item) => shorten(item, view, depth - 1));
  if (list.length <= view.items) return shorter(list);
  const tail = Math.ceil(view.items / 4);
  const hidden = list.length - view.items;
  return [
    ...shorter(list.slice(0, view.items - tail)),
    `… ${hidden} more items …`,
    ...shorter(list.slice(-tail)),
  ];
}

function shortenText(text: string, chars: number): string {
  return text.length <= chars
    ? text
    : `${text.slice(0, chars).toWellFormed()}… (${text.length - chars} more characters)`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
