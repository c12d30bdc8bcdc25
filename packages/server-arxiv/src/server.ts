import type { McpServer } from '@modelcontextprotocol/server';
import { createMcpServer } from '@patchbay/server-kit';
import manifest from '../package.json' with { type: 'json' };
import type { ArxivContext } from './tools/context.ts';
import { addGetPaper } from './tools/get-paper.ts';
import { addReadPaper } from './tools/read-paper.ts';
import { addSearchPapers } from './tools/search-papers.ts';

/** Builds the server without a transport, so that tests and hosts choose how to serve it. */
export function createServer(context: ArxivContext): McpServer {
  const server = createMcpServer(manifest);
  for (const addTo of [addSearchPapers, addGetPaper, addReadPaper]) addTo(server, context);
  return server;
}
