import type { McpServer } from '@modelcontextprotocol/server';
import { createMcpServer } from '@patchbay/server-kit';
import manifest from '../package.json' with { type: 'json' };
import { addAdd } from './tools/add.ts';
import { addCalculate } from './tools/calculate.ts';
import { addMultiply } from './tools/multiply.ts';

/** Builds the server without a transport, so that tests and hosts choose how to serve it. */
export function createServer(): McpServer {
  const server = createMcpServer(manifest);
  for (const addTo of [addAdd, addMultiply, addCalculate]) addTo(server);
  return server;
}
