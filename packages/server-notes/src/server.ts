import type { McpServer } from '@modelcontextprotocol/server';
import { createMcpServer } from '@patchbay/server-kit';
import manifest from '../package.json' with { type: 'json' };
import type { NoteStore } from './note-store.ts';
import { addList } from './tools/list.ts';
import { addRecall } from './tools/recall.ts';
import { addSave } from './tools/save.ts';
import { addSearch } from './tools/search.ts';

/** Builds the server without a transport, so that tests and hosts choose how to serve it. */
export function createServer(store: NoteStore): McpServer {
  const server = createMcpServer(manifest);
  for (const addTo of [addSave, addRecall, addSearch, addList]) addTo(server, store);
  return server;
}
