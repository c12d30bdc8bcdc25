import { isRecord } from '../../json.ts';
import { parseJsonc } from '../jsonc.ts';
import { removeProperty } from './remove-property.ts';

/**
 * Takes a server out of the text of an `mcp.json`, of which nothing else changes. `undefined` when it has none of that
 * name.
 *
 * @throws {PatchbayError} `CONFIG_INVALID` when the text is no JSON.
 */
export function removeServer(text: string, source: string, name: string): string | undefined {
  const { value } = parseJsonc(text, source);
  const servers = isRecord(value) ? value['mcpServers'] : undefined;
  if (!isRecord(servers) || !Object.hasOwn(servers, name)) return undefined;
  return removeProperty(text, ['mcpServers', name]);
}
