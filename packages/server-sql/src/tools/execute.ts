import { addTool, ToolError } from '@patchbay/server-kit';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { engineName, engineText } from '../engine-text.ts';
import { MAX_STATEMENT_CHARS } from '../gate/statement.ts';
import type { SqlContext } from './context.ts';
import { paramsInput } from './schemas.ts';

/** After these it is not certain that the statement was not done. */
const UNCERTAIN = new Set(['CONNECTION', 'TIMEOUT', 'CANCELLED']);

const inputSchema = z.object({
  sql: z.string().min(1).max(MAX_STATEMENT_CHARS).describe('One SQL statement that writes'),
  params: paramsInput,
});

const outputSchema = z.object({
  affected_rows: z.number().int().describe('Rows inserted, updated or deleted; 0 for a change of tables'),
  insert_id: z
    .union([z.number(), z.string(), z.null()])
    .describe('First automatic key of an INSERT; text when it is long'),
  engine: z.string(),
});

/** Offers the one tool that writes, where the user has allowed it. */
export function addExecuteTool(server: McpServer, { database, limits }: SqlContext): void {
  const { execute } = database;
  if (!execute) return;
  addTool(server, {
    name: 'execute',
    title: 'Run an SQL statement that writes',
    description:
      'Runs one INSERT, UPDATE, DELETE or REPLACE, or one CREATE, ALTER, DROP, RENAME or TRUNCATE of a table, view or ' +
      `index, within ${limits.timeoutMs / 1000} s. It takes effect at once and cannot be undone: look with query ` +
      `first at what it will change. ${engineText(database.engine)}`,
    input: inputSchema,
    output: outputSchema,
    hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
    async run({ sql, params }, { signal }) {
      const options = { params, timeoutMs: limits.timeoutMs, signal };
      const { affectedRows, insertId } = await execute(sql, options).catch((error: unknown) => {
        throw withDoubt(error);
      });
      const rows = affectedRows === 1 ? '1 row' : `${affectedRows} rows`;
      const key = insertId === null ? '' : ` The first new key is ${insertId}.`;
      return {
        structured: {
          affected_rows: affectedRows,
          insert_id: insertId,
          engine: engineName(database.engine),
        },
        text: `Done: ${rows} affected.${key}`,
      };
    },
  });
}

function withDoubt(error: unknown): unknown {
  if (!(error instanceof ToolError) || !UNCERTAIN.has(error.code)) return error;
  const doubt = 'It may have taken effect before that: look with query before you repeat it.';
  return new ToolError(error.code, error.message, { hint: doubt, cause: error });
}
