/**
 * Where in some JSON there is a text with a NUL or half a surrogate pair: `note.tags.0`. Nothing when all is well. Not
 * recursive, because how deep the JSON goes is for whoever sent it to choose.
 */
export function brokenTextIn(json: unknown): string | undefined {
  const rest: (readonly [path: string, value: unknown])[] = [['arguments', json]];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const [path, value] = next;
    if (typeof value === 'string' && isBroken(value)) return path;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, each] of Object.entries(value)) {
      if (isBroken(key)) return `a name in ${path}`;
      rest.push([path === 'arguments' ? key : `${path}.${key}`, each]);
    }
  }
  return undefined;
}

function isBroken(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}
