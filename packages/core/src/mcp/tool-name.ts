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
  return toolNamer(server)(tool);
}

/** {@link qualifyToolName} for the tools of one server. */
export function toolNamer(server: string): (tool: string) => string {
  const prefix = `${server}__`;
  // Its names can be split in one way only, at their first `__`.
  const isUsual = server !== RESERVED_SERVER && !server.includes('__') && !server.endsWith('_');
  return (tool) => {
    const plain = prefix + tool;
    if (isUsual && tool !== '' && isPlain(plain)) return plain;
    const suffix = sha256(`${server}\0${tool}`).slice(0, SUFFIX_LENGTH);
    return `${usable(plain).slice(0, MAX_STEM_LENGTH)}_${suffix}`;
  };
}

/** Whether `name` may be that of a tool of `server`; whether it is, only the server's own list says. */
export function mayOwnTool(server: string, name: string): boolean {
  return name.startsWith(usable(`${server}__`).slice(0, MAX_STEM_LENGTH));
}

function usable(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/g, '_').replace(/^[^A-Za-z]/, 'x');
}

/** Whether providers accept a name, and it cannot be mistaken for one with a hash. */
function isPlain(name: string): boolean {
  return name.length <= MAX_TOOL_NAME_LENGTH && USABLE.test(name) && !LOOKS_SUFFIXED.test(name);
}
