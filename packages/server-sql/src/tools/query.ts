import { addTool, READ_ONLY } from '@patchbay/server-kit';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { QueryResult } from '../database.ts';
import { engineName, engineText, sampleNote } from '../engine-text.ts';
import { MAX_STATEMENT_CHARS } from '../gate/statement.ts';
import { markdownTable } from '../markdown-table.ts';
import type { SqlContext } from './context.ts';
import { paramsInput } from './schemas.ts';

/** Published, but not checked: going through each cell takes longer than a query, and the adapters' types say it. */
const rowsOutput = z.unknown().meta({
  type: 'array',
  items: { type: 'array', items: { type: ['string', 'number', 'boolean', 'null'] } },
  description: 'An array a row: values in the order of the columns; long integers are text',
});

const inputSchema = z.object({
  sql: z.string().min(1).max(MAX_STATEMENT_CHARS).describe('One SQL statement that reads'),
  params: paramsInput,
  max_rows: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe("Most rows to return; the server's own limit holds too"),
});

const outputSchema = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: rowsOutput,
  row_count: z.number().int().describe('Rows in this answer'),
  truncated: z.boolean().describe('Whether the statement has more rows than these'),
  total_rows: z.number().int().nullable().describe('Rows of the statement; null when not all were counted'),
  cut_cells: z.number().int().describe('Cells that were too long and lost their end'),
  elapsed_ms: z.number(),
  engine: z.string(),
  read_only: z.literal(true),
  sample: z.boolean().describe('Whether the data is made up'),
});

export function addQueryTool(server: McpServer, { database, limits }: SqlContext): void {
  addTool(server, {
    name: 'query',
    title: 'Run a read-only SQL query',
    description:
      'Runs one SQL statement that reads (SELECT, WITH, SHOW, DESCRIBE, EXPLAIN, TABLE, VALUES) and returns its rows: ' +
      `at most ${limits.maxRows}, within ${limits.timeoutMs / 1000} s. ${engineText(database.engine)}`,
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY,
    async run({ sql, params, max_rows: wanted }, { signal }) {
      const start = performance.now();
      const result = await database.query(sql, {
        limits: {
          maxRows: Math.min(wanted ?? limits.maxRows, limits.maxRows),
          maxBytes: limits.maxResultBytes,
          maxCellChars: limits.maxCellChars,
        },
        params,
        timeoutMs: limits.timeoutMs,
        signal,
      });
      const { engine } = database;
      return {
        structured: {
          columns: [...result.columns],
          rows: result.rows,
          row_count: result.rows.length,
          truncated: result.cutBy !== undefined,
          total_rows: result.totalRows,
          cut_cells: result.cutCells,
          elapsed_ms: Math.round(performance.now() - start),
          engine: engineName(engine),
          read_only: true as const,
          sample: engine.isSample,
        },
        text: `${toText(result)}${cutNote(result)}${sampleNote(engine)}`,
      };
    },
  });
}

function toText({ columns, rows }: QueryResult): string {
  if (columns.length === 0) return 'No rows.';
  const count = rows.length === 1 ? '1 row' : `${rows.length} rows`;
  return `${markdownTable(
    columns.map(({ name }) => name),
    rows,
  )}\n${count}.`;
}

function cutNote({ cutBy, totalRows, cutCells }: QueryResult): string {
  const advice = 'add LIMIT or aggregate, or write all of them to a file with export_csv.';
  const all = totalRows === null ? 'more' : `${totalRows} in all`;
  const rows = cutBy ? ` There are ${all}: the limit of ${cutBy} for one answer is met; ${advice}` : '';
  return cutCells > 0 ? `${rows} ${cutCells} long cells were cut (…).` : rows;
}
