import type { AST } from 'toml-eslint-parser';
import { getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';
import { PatchbayError } from '../../errors.ts';
import type { ParsedText, ValuePath } from '../parsed-text.ts';
import { definedTwice } from '../parsed-text.ts';

/** Reads TOML. Mistakes are shown with line and column; a key or table given twice is one. */
export function parseToml(text: string, source: string): ParsedText {
  const program = parse(text, source);
  const places = new Map<string, string>();
  const note = (path: ValuePath, { loc }: AST.TOMLNode): void => {
    const key = JSON.stringify(path);
    // A table may first be met as the parent of another.
    if (!places.has(key)) places.set(key, `${source}:${loc.start.line}:${loc.start.column + 1}`);
  };
  for (const node of program.body[0].body) visit(node, [], note);
  return {
    value: getStaticTOMLValue(program),
    at(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const found = places.get(JSON.stringify(path.slice(0, length)));
        if (found !== undefined) return found;
      }
      return `${source}:1:1`;
    },
  };
}

type Note = (path: ValuePath, node: AST.TOMLNode) => void;

function visit(node: AST.TOMLTable | AST.TOMLKeyValue, prefix: ValuePath, note: Note): void {
  if (node.type === 'TOMLTable') {
    const path = [...prefix, ...node.resolvedKey];
    note(path, node);
    for (const child of node.body) visit(child, path, note);
    return;
  }
  let path = prefix;
  for (const part of node.key.keys) {
    path = [...path, part.type === 'TOMLBare' ? part.name : part.value];
    note(path, part);
  }
  visitValue(node.value, path, note);
}

function visitValue(node: AST.TOMLContentNode, path: ValuePath, note: Note): void {
  if (node.type === 'TOMLInlineTable') for (const child of node.body) visit(child, path, note);
  if (node.type !== 'TOMLArray') return;
  for (const [index, element] of node.elements.entries()) {
    note([...path, index], element);
    visitValue(element, [...path, index], note);
  }
}

function parse(text: string, source: string): AST.TOMLProgram {
  try {
    return parseTOML(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const { lineNumber, column, message } = error;
    const place = `${source}:${lineNumber}:${column + 1}`;
    if (message.includes('multiple times')) {
      const lines = text.split('\n');
      const wanted = keyOf(lines[lineNumber - 1]);
      // The parser names the second place alone.
      const first = lines.slice(0, lineNumber - 1).findLastIndex((line) => keyOf(line) === wanted);
      if (first !== -1) throw definedTwice(wanted, { first: `${source}:${first + 1}:1`, second: place });
    }
    throw new PatchbayError('CONFIG_INVALID', `${place}: ${message}`, { cause: error });
  }
}

/** `[mcp_servers.a]` and `a = 1` by what they define. */
function keyOf(line = ''): string {
  const trimmed = line.trim();
  return trimmed.startsWith('[')
    ? trimmed.replace(/\s*#.*$/, '')
    : (/^[^=]*/.exec(trimmed)?.[0] ?? '').trim();
}
