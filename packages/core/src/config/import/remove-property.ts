import type { Node } from 'jsonc-parser';
import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';

/** A comma, and what is said of the property behind it. */
const REST_OF_LINE = /^[ \t]*,?[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/)?[ \t]*\r?\n/;

/**
 * Takes a property with its lines out of a text of JSON with comments. jsonc-parser's own edits take what is said of the
 * neighbour before it along. What stands above the property stays.
 */
export function removeProperty(text: string, path: readonly string[]): string {
  const root = parseTree(text);
  const property = root && findNodeAtLocation(root, [...path])?.parent;
  const all = property?.parent?.children ?? [];
  const start = property ? text.lastIndexOf('\n', property.offset) + 1 : 0;
  if (!property || text.slice(start, property.offset).trim() !== '')
    return applyEdits(text, modify(text, [...path], undefined, {}));

  const behind = text.slice(property.offset + property.length);
  const rest = REST_OF_LINE.exec(behind)?.[0] ?? '';
  const without = text.slice(0, start) + behind.slice(rest.length);
  return all.at(-1) === property ? withoutComma(without, all.at(-2)) : without;
}

/** The one before is the last now, and no comma may stand behind it. */
function withoutComma(text: string, before: Node | undefined): string {
  if (!before) return text;
  const end = before.offset + before.length;
  return text.slice(0, end) + text.slice(end).replace(/^\s*,/, '');
}
