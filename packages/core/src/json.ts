export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that `text` holds, or `undefined` when it is not JSON or not an object. */
export function parseJsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * How many levels of a server's JSON are handed on. What is nested deeper can be read, but some thousand levels cannot be
 * written any more: it would end whatever it is part of.
 */
export const MAX_NESTING = 256;

/** Whether a value of JSON is nested deeper than {@link MAX_NESTING}. */
export function isNestedTooDeep(value: unknown): boolean {
  return isDeeperThan(value, MAX_NESTING);
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}
