import type { McpServer } from '@modelcontextprotocol/server';
import { createMcpServer } from '@patchbay/server-kit';
import manifest from '../package.json' with { type: 'json' };
import { addCalculate } from './tools/calculate.ts';
import { addConvertUnits } from './tools/convert-units.ts';
import { addNumberInfo } from './tools/number-info.ts';
import { addOperations } from './tools/operations.ts';
import { addSolveLinear } from './tools/solve-linear.ts';
import { addStatistics } from './tools/statistics.ts';

/** Builds the server without a transport, so that tests and hosts choose how to serve it. */
export function createServer(): McpServer {
  const server = createMcpServer(manifest);
  const tools = [addOperations, addCalculate, addStatistics, addConvertUnits, addSolveLinear, addNumberInfo];
  for (const addTo of tools) addTo(server);
  return server;
}
