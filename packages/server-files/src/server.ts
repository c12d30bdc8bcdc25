import type { McpServer } from '@modelcontextprotocol/server';
import { createMcpServer } from '@patchbay/server-kit';
import manifest from '../package.json' with { type: 'json' };
import type { FilesContext } from './files-context.ts';
import { addFileResource } from './file-resource.ts';
import { addListFiles } from './tools/list-files.ts';
import { addReadFile } from './tools/read-file.ts';
import { addSearchFiles } from './tools/search-files.ts';
import { addWriteFile } from './tools/write-file.ts';

/** Builds the server without a transport, so that tests and hosts choose how to serve it. */
export function createServer(context: FilesContext): McpServer {
  const server = createMcpServer(manifest);
  for (const addTo of [addReadFile, addListFiles, addSearchFiles]) addTo(server, context);
  if (!context.isReadOnly) addWriteFile(server, context);
  addFileResource(server, context);
  return server;
}
