/** Longest name of a server, in characters: it stands before each of its tools, which providers allow 64. */
const MAX_LENGTH = 30;

/** Says what is wrong with the name of a new server, or nothing when it can be used. */
export function problemOfName(name: string): string | undefined {
  if (name === '') return 'a name is missing';
  if (name.length > MAX_LENGTH) return `"${name}" is longer than ${MAX_LENGTH} characters`;
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/u.test(name)) return undefined;
  return `"${name}" is no name: use lower-case letters, digits and single dashes, and begin with a letter`;
}
