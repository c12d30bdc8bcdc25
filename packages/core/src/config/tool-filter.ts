/**
 * Which of a server's tools are offered, by the server's own names for them; `*` stands for any characters. What is not
 * in `allow`, where there is one, and what is in `deny` is not offered, and cannot be called.
 */
export interface ToolFilter {
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
}

export function isOffered(tool: string, { allow, deny = [] }: ToolFilter): boolean {
  return (
    (allow?.some((pattern) => matches(pattern, tool)) ?? true) && !deny.some((each) => matches(each, tool))
  );
}

/** The entries that stand for no tool of the server: a name that was mistyped denies nothing. */
export function unmatchedEntries(
  { allow = [], deny = [] }: ToolFilter,
  tools: readonly string[],
): readonly string[] {
  return [...allow, ...deny].filter((pattern) => !tools.some((tool) => matches(pattern, tool)));
}

function matches(pattern: string, tool: string): boolean {
  const [head = '', ...pieces] = pattern.split('*');
  const tail = pieces.pop();
  if (tail === undefined) return tool === pattern;
  if (tool.length < head.length + tail.length || !tool.startsWith(head) || !tool.endsWith(tail)) return false;
  // Each piece between is taken where it comes first, so that no pattern takes longer than its length.
  let from = head.length;
  const end = tool.length - tail.length;
  for (const piece of pieces) {
    const at = tool.indexOf(piece, from);
    if (at === -1 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}
