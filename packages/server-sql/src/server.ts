import type { McpServer } from '@modelcontextprotocol/server';
import { createMcpServer } from '@patchbay/server-kit';
import manifest from '../package.json' with { type: 'json' };
import { addAnalyzeTablePrompt } from './prompts/analyze-table.ts';
import { addExploreDatabasePrompt } from './prompts/explore-database.ts';
import { addExportResource } from './resources/export-resource.ts';
import { addSchemaResource } from './resources/schema-resource.ts';
import { addTableResource } from './resources/table-resource.ts';
import type { SqlContext } from './tools/context.ts';
import { addDescribeTableTool } from './tools/describe-table.ts';
import { addExecuteTool } from './tools/execute.ts';
import { addExplainTool } from './tools/explain.ts';
import { addExportCsvTool } from './tools/export-csv.ts';
import { addListTablesTool } from './tools/list-tables.ts';
import { addQueryTool } from './tools/query.ts';

/** Builds the server without a transport, so that tests and hosts choose how to serve it. */
export function createServer(context: SqlContext): McpServer {
  const server = createMcpServer(manifest);
  addQueryTool(server, context);
  addListTablesTool(server, context);
  addDescribeTableTool(server, context);
  addExportCsvTool(server, context);
  addExplainTool(server, context);
  addExecuteTool(server, context);
  addSchemaResource(server, context);
  addTableResource(server, context);
  addExportResource(server, context);
  addExploreDatabasePrompt(server, context);
  addAnalyzeTablePrompt(server, context);
  return server;
}
