import { addTool, READ_ONLY } from '@patchbay/server-kit';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { engineName, engineText, sampleNote } from '../engine-text.ts';
import { inspectTable } from '../inspect-table.ts';
import { tableText } from '../table-text.ts';
import type { SqlContext } from './context.ts';
import { cellSchema, databaseInput, tableInput } from './schemas.ts';

const inputSchema = z.object({ table: tableInput, database: databaseInput });

const outputSchema = z.object({
  database: z.string(),
  name: z.string(),
  type: z.enum(['table', 'view']),
  columns: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      nullable: z.boolean(),
      key: z.string().describe('PRI, UNI, MUL or empty'),
      default: z.string().nullable(),
    }),
  ),
  foreign_keys: z.array(z.object({ column: z.string(), references: z.string() })),
  first_rows: z.array(z.array(cellSchema)),
  create_sql: z.string().nullable(),
  engine: z.string(),
  sample: z.boolean().describe('Whether the data is made up'),
});

export function addDescribeTableTool(server: McpServer, { database, limits }: SqlContext): void {
  addTool(server, {
    name: 'describe_table',
    title: 'Describe a table',
    description:
      "Tells a table's or view's columns (type, key, default), foreign keys, first rows, and the statement that " +
      `made it. ${engineText(database.engine)}`,
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY,
    async run(input, { signal }) {
      const { timeoutMs, maxResultBytes: maxBytes } = limits;
      const inspected = await inspectTable(database, input, { timeoutMs, maxBytes, signal });
      const { table, description, first } = inspected;
      const { engine } = database;
      return {
        structured: {
          database: table.database,
          name: table.name,
          type: table.type,
          columns: description.columns.map((column) => ({ ...column })),
          foreign_keys: description.foreignKeys.map((key) => ({ ...key })),
          first_rows: first.rows.map((row) => [...row]),
          create_sql: description.createSql,
          engine: engineName(engine),
          sample: engine.isSample,
        },
        text: `${tableText(table, description, first)}${sampleNote(engine)}`,
      };
    },
  });
}
