import type { McpServer } from '@modelcontextprotocol/server';
import { completable } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { engineText, sampleNote } from '../engine-text.ts';
import { inspectTable } from '../inspect-table.ts';
import { completeTable } from '../resources/complete-table.ts';
import { asProtocolError } from '../resources/protocol-error.ts';
import { tableText } from '../table-text.ts';
import type { SqlContext } from '../tools/context.ts';

/** The table's columns and first rows come with the prompt, so that the model need not ask for them. */
export function addAnalyzeTablePrompt(server: McpServer, context: SqlContext): void {
  const { database, limits } = context;
  const { timeoutMs, maxResultBytes: maxBytes } = limits;
  const table = z.string().min(1).max(200).describe('Table or view, such as "orders" or "shop.orders"');
  server.registerPrompt(
    'analyze_table',
    {
      title: 'Analyze a table',
      description: 'Answers a question about one table, or tells what stands out in it.',
      argsSchema: z.object({
        table: completable(table, (value) => completeTable(context, value)),
        question: z.string().max(2000).optional().describe('What to find out; left out, what stands out'),
      }),
    },
    async ({ table: name, question }, { mcpReq: { signal } }) => {
      const options = { timeoutMs, maxBytes, signal };
      const inspected = await asProtocolError(inspectTable(database, { table: name }, options));
      const about = tableText(inspected.table, inspected.description, inspected.first);
      // Hosts send what a user left blank as an empty text.
      const task = question?.trim() || 'What stands out: distributions, extremes, gaps, changes over time?';
      const text =
        `${task}\n\nUse query with SQL that aggregates rather than lists, and give the figures with the SQL behind ` +
        `them. ${engineText(database.engine)}\n\n${about}${sampleNote(database.engine)}`;
      return { messages: [{ role: 'user', content: { type: 'text', text } }] };
    },
  );
}
