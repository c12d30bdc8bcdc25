import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';

/**
 * Adds a property behind the last one of an object in a text of JSON with comments. jsonc-parser's own edits lay the
 * neighbour out anew and take the comment behind it for the new one's.
 */
export function insertProperty(text: string, path: readonly [...string[], string], value: unknown): string {
  const root = parseTree(text);
  const object = root && findNodeAtLocation(root, path.slice(0, -1));
  const last = object?.children?.at(-1);
  const { unit, eol } = layoutOf(text);
  if (!object || !last) {
    const isTab = unit.startsWith('\t');
    const formattingOptions = { insertSpaces: !isTab, tabSize: unit.length, eol };
    return applyEdits(text, modify(text, [...path], value, { formattingOptions }));
  }
  const start = text.lastIndexOf('\n', last.offset) + 1;
  const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  const lines = JSON.stringify(value, undefined, unit).split('\n');
  const property = `${indent}${JSON.stringify(path.at(-1))}: ${lines.join(`${eol}${indent}`)}`;

  const end = last.offset + last.length;
  const { comma, at } = afterProperty(text, end);
  const head = comma ? text.slice(0, at) : `${text.slice(0, end)},${text.slice(end, at)}`;
  return `${head}${eol}${property}${comma ? ',' : ''}${text.slice(at)}`;
}

/** Where the next property may begin: behind the comma, where there is one, and what is said of the one before. */
function afterProperty(text: string, end: number): { comma: boolean; at: number } {
  let comma = false;
  let at = end;
  for (const { 0: token, index } of text.slice(end).matchAll(/\s+|\/\/[^\r\n]*|\/\*[^]*?\*\/|[^]/g)) {
    const next = end + index + token.length;
    if (token === ',') {
      comma = true;
      at = next;
    } else if (token.startsWith('/')) {
      // Below the comma it is of what comes after.
      if (!comma || !text.slice(at, next).includes('\n')) at = next;
    } else if (token.trim() !== '') break;
  }
  return { comma, at };
}

/** How the text is laid out, by its first key that begins a line. */
function layoutOf(text: string): { unit: string; eol: string } {
  return {
    unit: /^([ \t]+)"/m.exec(text)?.[1] ?? '  ',
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
