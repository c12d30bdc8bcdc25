import type { McpServer } from '@modelcontextprotocol/server';
import { addTool, createMcpServer, READ_ONLY } from '@patchbay/server-kit';
import * as z from 'zod';
import manifest from '../package.json' with { type: 'json' };

/** Builds the server without a transport, so that tests and hosts choose how to serve it. */
export function createServer(): McpServer {
  const server = createMcpServer(manifest);
  addTool(server, {
    name: 'greet',
    title: 'Greet',
    description: 'Greets someone by name.',
    input: z.object({ name: z.string().trim().min(1).max(100).describe('Who is greeted') }),
    output: z.object({ greeting: z.string() }),
    hints: READ_ONLY,
    run({ name }) {
      const greeting = `Hello, ${name}.`;
      return { structured: { greeting }, text: greeting };
    },
  });
  return server;
}
