import type { McpServer } from '@modelcontextprotocol/server';
import { ResourceTemplate } from '@modelcontextprotocol/server';
import { sampleNote } from '../engine-text.ts';
import { inspectTable } from '../inspect-table.ts';
import { fullName } from '../table-lookup.ts';
import { tableText } from '../table-text.ts';
import type { SqlContext } from '../tools/context.ts';
import { completeTable } from './complete-table.ts';
import { decodeName } from './decode-name.ts';
import { asProtocolError } from './protocol-error.ts';

const MAX_LISTED = 500;

/** Offers each table as a resource: its columns, keys and first rows. */
export function addTableResource(server: McpServer, context: SqlContext): void {
  const { database, limits } = context;
  const { timeoutMs, maxResultBytes: maxBytes } = limits;
  server.registerResource(
    'table',
    new ResourceTemplate('sql://table/{name}', {
      list: async ({ mcpReq: { signal } }) => {
        const tables = await asProtocolError(database.listTables({ timeoutMs, signal }));
        const resources = tables.slice(0, MAX_LISTED).map((table) => ({
          uri: `sql://table/${encodeURIComponent(fullName(table))}`,
          name: fullName(table),
          mimeType: 'text/markdown',
        }));
        return { resources };
      },
      complete: { name: (value) => completeTable(context, value) },
    }),
    {
      title: 'Table',
      description: 'Columns, keys and first rows of a table: "orders" or "shop.orders".',
      mimeType: 'text/markdown',
    },
    async (uri, { name = '' }, { mcpReq: { signal } }) => {
      const wanted = { table: decodeName(String(name)) };
      const options = { timeoutMs, maxBytes, signal };
      const { table, description, first } = await asProtocolError(inspectTable(database, wanted, options));
      const text = `${tableText(table, description, first)}${sampleNote(database.engine)}`;
      return { contents: [{ uri: uri.href, mimeType: 'text/markdown', text }] };
    },
  );
}
