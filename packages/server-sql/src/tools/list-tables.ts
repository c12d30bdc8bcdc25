import { addTool, READ_ONLY } from '@patchbay/server-kit';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { TableInfo } from '../database.ts';
import { engineName, engineText, sampleNote } from '../engine-text.ts';
import { markdownTable } from '../markdown-table.ts';
import { tablesOf } from '../table-lookup.ts';
import type { SqlContext } from './context.ts';

/** More tables than these are not listed in one answer. */
const MAX_TABLES = 500;

const inputSchema = z.object({
  database: z.string().min(1).max(100).optional().describe('Only the tables of this database'),
});

const outputSchema = z.object({
  tables: z.array(
    z.object({
      database: z.string(),
      name: z.string(),
      type: z.enum(['table', 'view']),
      rows: z.number().int().nullable(),
    }),
  ),
  truncated: z.boolean().describe(`Whether there are more than ${MAX_TABLES}`),
  other_databases: z.array(z.string()).describe('Databases whose tables are not in this answer'),
  engine: z.string(),
  sample: z.boolean().describe('Whether the data is made up'),
});

export function addListTablesTool(server: McpServer, { database, limits }: SqlContext): void {
  const { defaultDatabase } = database;
  const scope =
    defaultDatabase === undefined ? 'all databases' : `the database ${defaultDatabase}, and names the others`;
  addTool(server, {
    name: 'list_tables',
    title: 'List tables',
    description:
      `Lists the tables and views of ${scope}, at most ${MAX_TABLES}, with their numbers of rows (estimates on a ` +
      `MySQL server; null when unknown). ${engineText(database.engine)}`,
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY,
    async run(input, { signal }) {
      const all = await database.listTables({ timeoutMs: limits.timeoutMs, signal });
      const isDefault = all.some((table) => table.database === defaultDatabase);
      const wanted = input.database ?? (isDefault ? defaultDatabase : undefined);
      const found = tablesOf(all, wanted);
      const shown = found.slice(0, MAX_TABLES);
      const others = wanted === undefined ? [] : otherDatabases(all, wanted);
      const { engine } = database;
      return {
        structured: {
          tables: shown.map(({ database: name, ...table }) => ({ database: name, ...table })),
          truncated: shown.length < found.length,
          other_databases: others,
          engine: engineName(engine),
          sample: engine.isSample,
        },
        text: `${toText(shown, found.length)}${othersNote(others)}${sampleNote(engine)}`,
      };
    },
  });
}

function toText(tables: readonly TableInfo[], count: number): string {
  if (tables.length === 0) return 'There are no tables.';
  const rows = tables.map((table) => [table.database, table.name, table.type, table.rows ?? 'unknown']);
  const more = tables.length < count ? ` of ${count}; name a database to see fewer` : '';
  const noun = tables.length === 1 ? 'table' : 'tables';
  return `${markdownTable(['database', 'name', 'type', 'rows'], rows)}\n${tables.length}${more} ${noun}.`;
}

function otherDatabases(tables: readonly TableInfo[], shown: string): string[] {
  return [...new Set(tables.map(({ database }) => database))].filter((name) => name !== shown).slice(0, 100);
}

function othersNote(others: readonly string[]): string {
  return others.length === 0 ? '' : ` Other databases: ${others.join(', ')}.`;
}
