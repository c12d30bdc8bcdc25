import type { Node, ParseError } from 'jsonc-parser';
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import { PatchbayError } from '../errors.ts';
import type { ParsedText, ValuePath } from './parsed-text.ts';
import { definedTwice } from './parsed-text.ts';

/** Reads JSON with comments and trailing commas. A mistake is shown with its line and a caret; a key given twice is one. */
export function parseJsonc(text: string, source: string): ParsedText {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  const [first] = errors;
  if (!root || first) {
    const offset = first?.offset ?? 0;
    const what = first ? words(printParseErrorCode(first.error)) : 'nothing in it';
    throw new PatchbayError(
      'CONFIG_INVALID',
      `${place(text, offset, source)}: ${what}\n${caret(text, offset)}`,
      {
        hint: 'Comments and trailing commas are fine; quotes must be double.',
      },
    );
  }
  refuseDuplicates(root, text, source);
  return {
    value: getNodeValue(root),
    at: (path) => place(text, offsetOf(root, path), source),
  };
}

/** Of what has a key, where the key stands. */
function offsetOf(root: Node, path: ValuePath): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node) return node.parent?.type === 'property' ? node.parent.offset : node.offset;
  }
  return root.offset;
}

function refuseDuplicates(node: Node, text: string, source: string): void {
  const seen = new Map<string, Node>();
  for (const child of node.children ?? []) {
    refuseDuplicates(child, text, source);
    const [key] = node.type === 'object' ? (child.children ?? []) : [];
    if (!key) continue;
    const name = String(key.value);
    const earlier = seen.get(name);
    if (earlier) {
      throw definedTwice(name, {
        first: place(text, earlier.offset, source),
        second: place(text, key.offset, source),
      });
    }
    seen.set(name, key);
  }
}

function place(text: string, offset: number, source: string): string {
  const before = text.slice(0, offset).split('\n');
  return `${source}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
}

function caret(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', start);
  const line = text.slice(start, end === -1 ? text.length : end).replaceAll('\t', ' ');
  return `  ${line}\n  ${' '.repeat(offset - start)}^`;
}

/** `CommaExpected` → `comma expected`. */
function words(code: string): string {
  return code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
