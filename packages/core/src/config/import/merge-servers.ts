import { isRecord } from '../../json.ts';
import { late } from '../../late-builtins.ts';
import { parseJsonc } from '../jsonc.ts';
import { definedTwice } from '../parsed-text.ts';
import type { McpServerEntry } from './foreign-entry.ts';
import { insertProperty } from './insert-property.ts';

export interface NewServer {
  readonly name: string;
  readonly entry: McpServerEntry;
  /** Where it comes from, for the message when the name is taken. */
  readonly place: string;
}

export interface MergedServers {
  readonly text: string;
  readonly added: readonly string[];
  /** Those that stood there already, and alike. */
  readonly present: readonly string[];
}

/**
 * Adds servers to the text of an `mcp.json`, of which nothing else changes. An empty text becomes a whole file.
 *
 * @throws {PatchbayError} `CONFIG_INVALID` when the text is no configuration, or has another server of one of the names.
 */
export function mergeServers(text: string, source: string, servers: readonly NewServer[]): MergedServers {
  let merged = text.trim() === '' ? '{\n  "mcpServers": {}\n}\n' : text;
  const { value, at } = parseJsonc(merged, source);
  const known = isRecord(value) && isRecord(value['mcpServers']) ? value['mcpServers'] : {};
  const added: string[] = [];
  const present: string[] = [];
  for (const { name, entry, place } of servers) {
    if (!Object.hasOwn(known, name)) {
      merged = insertProperty(merged, ['mcpServers', name], entry);
      added.push(name);
    } else if (late.util.isDeepStrictEqual(plain(known[name]), entry)) present.push(name);
    else throw definedTwice(name, { first: at(['mcpServers', name]), second: place });
  }
  return { text: merged, added, present };
}

/** The parser's objects have no prototype, which a strict comparison looks at. */
function plain(value: unknown): unknown {
  return structuredClone(value);
}
