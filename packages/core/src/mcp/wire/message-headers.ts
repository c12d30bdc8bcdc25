import type { JSONRPCMessage } from '@modelcontextprotocol/client';
import type { HeaderList } from './http-client.ts';
import { nameIn, protocolIn } from './message.ts';

/** What the newer era wants to have in headers too. */
export function headersOf(message: JSONRPCMessage): HeaderList {
  if (protocolIn(message) === undefined || !('method' in message)) return [];
  const name = nameIn(message);
  return ['mcp-method', message.method, ...(name === undefined ? [] : ['mcp-name', name])];
}
