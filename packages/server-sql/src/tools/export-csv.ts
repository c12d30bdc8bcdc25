import { extname, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addTool, ToolError } from '@patchbay/server-kit';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { withoutFormula } from '../csv-format.ts';
import type { CallOptions, Database } from '../database.ts';
import { engineText, sampleNote } from '../engine-text.ts';
import type { ExportReport, ExportTarget } from '../export-file.ts';
import { EXPORT_TYPES, resolveTarget, writeExport } from '../export-file.ts';
import { MAX_STATEMENT_CHARS } from '../gate/statement.ts';
import { exportUri } from '../resources/export-resource.ts';
import { findTable } from '../table-lookup.ts';
import type { SqlContext } from './context.ts';
import { databaseInput, tableInput } from './schemas.ts';

/** An export reads far more than an answer holds: it gets this time, in milliseconds. */
const EXPORT_LIMIT_MS = 120_000;

/** What is exported, and the name that its file gets when none is given. */
interface Source {
  readonly sql: string;
  readonly file: string;
}

const inputSchema = z.object({
  table: tableInput.optional().describe('Table or view to export, as list_tables names it; or give sql'),
  sql: z
    .string()
    .min(1)
    .max(MAX_STATEMENT_CHARS)
    .optional()
    .describe('One statement that reads, whose rows to export; or give table'),
  database: databaseInput,
  file: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('File in the workspace, such as "scores.csv", "scores.json" or "scores.parquet"'),
  overwrite: z.boolean().default(false).describe('Whether to replace the file when it is there'),
});

const outputSchema = z.object({
  path: z.string().describe('File, relative to the workspace'),
  uri: z.string(),
  resource: z.string().describe('The same file as a resource of this server'),
  rows: z.number().int(),
  bytes: z.number().int(),
  columns: z.array(z.string()),
  sha256: z.string(),
  truncated: z.boolean().describe('Whether the limit left rows out'),
  sample: z.boolean().describe('Whether the data is made up'),
});

export function addExportCsvTool(server: McpServer, context: SqlContext): void {
  const { database, limits } = context;
  addTool(server, {
    name: 'export_csv',
    title: 'Export to a file',
    description:
      'Writes all rows of a table, or of one SELECT, to a file in the workspace folder that the other servers share: ' +
      `CSV (UTF-8, header row, NULL empty), or .json or .parquet by the name; at most ${limits.exportMaxRows} rows, ` +
      `${EXPORT_LIMIT_MS / 1000} s. Default name: <table>.csv, or query.csv. ${engineText(database.engine)}`,
    input: inputSchema,
    output: outputSchema,
    hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
    async run(input, { signal }) {
      const options = { timeoutMs: EXPORT_LIMIT_MS, signal };
      const source = await readSource(database, input, options);
      const workspace = await context.openWorkspace();
      const target = {
        workspace,
        file: input.file ?? source.file,
        overwrite: input.overwrite,
        maxRows: limits.exportMaxRows,
        mapCell: limits.escapeFormulas ? withoutFormula : undefined,
        signal,
      };
      // Before the statement runs: a name that is taken should not cost minutes.
      await resolveTarget(target);
      const { columns, ...written } = await exportRows(database, source.sql, { target, options });
      context.onExport?.();
      const path = relative(workspace.root, written.path).split(sep).join('/');
      const uri = pathToFileURL(written.path).href;
      const { rows, bytes, sha256, isCut } = written;
      const cut = isCut ? ` There are more rows: the limit of ${limits.exportMaxRows} is met.` : '';
      return {
        structured: {
          path,
          uri,
          resource: exportUri(path),
          rows,
          bytes,
          columns,
          sha256,
          truncated: isCut,
          sample: database.engine.isSample,
        },
        text:
          `Wrote ${rows} rows with the columns ${columns.join(', ')} to ${path} (${bytes} bytes) in the workspace.` +
          `${cut}${sampleNote(database.engine)}`,
        attachments: [
          {
            type: 'resource_link',
            uri,
            name: path,
            mimeType: EXPORT_TYPES.get(extname(path).toLowerCase()),
            size: bytes,
          },
        ],
      };
    },
  });
}

async function exportRows(
  database: Database,
  sql: string,
  { target, options }: { target: ExportTarget; options: CallOptions },
): Promise<ExportReport & { columns: string[] }> {
  const stream = await database.streamRows(sql, options);
  try {
    const report = await writeExport(stream, target);
    return { ...report, columns: stream.columns.map(({ name }) => name) };
  } finally {
    await stream[Symbol.asyncDispose]();
  }
}

async function readSource(
  database: Database,
  input: { table?: string | undefined; sql?: string | undefined; database?: string | undefined },
  options: CallOptions,
): Promise<Source> {
  const { table, sql } = input;
  if (sql !== undefined && table === undefined) return { sql, file: 'query.csv' };
  if (table === undefined || sql !== undefined) {
    throw new ToolError('INVALID_INPUT', 'Give either table or sql', {
      hint: 'table exports a whole table; sql exports the rows of one SELECT.',
    });
  }
  const found = findTable(await database.listTables(options), {
    table,
    database: input.database,
    defaultDatabase: database.defaultDatabase,
  });
  const file = `${found.name.replaceAll(/[^\p{L}\p{N}._-]/gu, '_')}.csv`;
  return { sql: `SELECT * FROM ${database.quote(found)}`, file };
}
