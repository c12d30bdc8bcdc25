/** Longest name of a property that Anthropic takes, in characters. */
const MAX_NAME_LENGTH = 64;

/** What Anthropic takes as the name of a property; its API says so when it refuses another. */
export const PROPERTY_NAME: RegExp = /^[a-zA-Z0-9_.-]{1,64}$/;

/** A name that is taken for each of an object's properties: its own where that is, else the nearest that is free. */
export function takenNames(names: readonly string[]): ReadonlyMap<string, string> {
  const used = new Set(names.filter((name) => PROPERTY_NAME.test(name)));
  return new Map(names.map((name) => [name, PROPERTY_NAME.test(name) ? name : free(name, used)]));
}

function free(name: string, used: Set<string>): string {
  const near = name.replaceAll(/[^a-zA-Z0-9_.-]/g, '_').slice(0, MAX_NAME_LENGTH) || '_';
  let unique = near;
  for (let count = 2; used.has(unique); count += 1) {
    const suffix = `_${count}`;
    unique = near.slice(0, MAX_NAME_LENGTH - suffix.length) + suffix;
  }
  used.add(unique);
  return unique;
}
