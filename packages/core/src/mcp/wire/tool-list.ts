import type { Tool } from '@modelcontextprotocol/client';
import { isRecord } from '../../json.ts';
import type { Wire } from './wire.ts';

/** How many pages a list may have: some servers' lists never end. */
const MAX_PAGES = 64;

/** All tools that a server lists, every page. What is no tool is left out. */
export async function listTools(wire: Wire, timeoutMs: number): Promise<readonly Tool[]> {
  const tools: Tool[] = [];
  let cursor: unknown;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const result = await wire.request('tools/list', params, { timeoutMs });
    const listed = result['tools'];
    if (!Array.isArray(listed)) throw new Error('its answer has no list of tools');
    tools.push(...listed.filter(isTool));
    cursor = result['nextCursor'];
    // Some servers say by an empty text that there are no more.
    if (typeof cursor !== 'string' || cursor === '') return tools;
  }
  throw new Error(`the list has more than ${MAX_PAGES} pages`);
}

/** Whether a tool can be offered: it has a name, and says what it takes. */
export function isTool(value: unknown): value is Tool {
  if (!isRecord(value)) return false;
  const { name, inputSchema, description, annotations } = value;
  return (
    typeof name === 'string' &&
    isRecord(inputSchema) &&
    (description === undefined || typeof description === 'string') &&
    (annotations === undefined || isRecord(annotations))
  );
}
