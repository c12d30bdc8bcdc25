import { sha256 } from '../late-builtins.ts';

/** Longest function name that the OpenAI and Anthropic APIs both accept, in characters. */
export const MAX_TOOL_NAME_LENGTH = 64;

/** The router's own tools go by this server's name. A server that is called so has its tools' names hashed. */
const RESERVED_SERVER = 'patchbay';

const SUFFIX_LENGTH = 10;
/** What of a name stands before its hash, at most. */
const MAX_STEM_LENGTH = MAX_TOOL_NAME_LENGTH - SUFFIX_LENGTH - 1;
const USABLE = /^[A-Za-z][A-Za-z0-9_-]*$/;
const LOOKS_SUFFIXED = new RegExp(`_[0-9a-f]{${SUFFIX_LENGTH}}$`);

/**
 * The name under which the model sees a tool: `<server>__<tool>` where providers accept that, else the nearest
 * usable text with a hash of the pair. Two pairs never get the same name, and a name depends on its own pair alone:
 * whatever other servers come, go or fail, it stays. It is looked up, never parsed.
 */
export function qualifyToolName(server: string, tool: string): string {
  const plain = `${server}__${tool}`;
  if (isPlain(server, tool, plain)) return plain;
  const suffix = sha256(`${server}\0${tool}`).slice(0, SUFFIX_LENGTH);
  return `${usable(plain).slice(0, MAX_STEM_LENGTH)}_${suffix}`;
}

/** Whether `name` may be that of a tool of `server`; whether it is, only the server's own list says. */
export function mayOwnTool(server: string, name: string): boolean {
  return name.startsWith(usable(`${server}__`).slice(0, MAX_STEM_LENGTH));
}

function usable(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/g, '_').replace(/^[^A-Za-z]/, 'x');
}

/**
 * Whether `plain` can be split in one way only, at its first `__`, and cannot be mistaken for a name with a hash.
 */
function isPlain(server: string, tool: string, plain: string): boolean {
  return (
    USABLE.test(plain) &&
    plain.length <= MAX_TOOL_NAME_LENGTH &&
    tool !== '' &&
    server !== RESERVED_SERVER &&
    !server.includes('__') &&
    !server.endsWith('_') &&
    !LOOKS_SUFFIXED.test(plain)
  );
}
