import { addTool, READ_ONLY } from '@patchbay/server-kit';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { engineName, engineText, sampleNote } from '../engine-text.ts';
import { MAX_STATEMENT_CHARS } from '../gate/statement.ts';
import type { SqlContext } from './context.ts';

const inputSchema = z.object({
  sql: z.string().min(1).max(MAX_STATEMENT_CHARS).describe('The SELECT itself, without EXPLAIN before it'),
});

const outputSchema = z.object({
  plan: z.string().describe("The plan in the engine's own words"),
  truncated: z.boolean().describe('Whether the plan was too long and lost its end'),
  engine: z.string(),
  sample: z.boolean().describe('Whether the data is made up'),
});

export function addExplainTool(server: McpServer, { database, limits }: SqlContext): void {
  addTool(server, {
    name: 'explain',
    title: 'Explain a query',
    description:
      'Tells how the engine would run a SELECT: which indexes it uses and which tables it reads whole. Nothing is ' +
      `run. Use it when a query is slow. ${engineText(database.engine)}`,
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY,
    async run({ sql }, { signal }) {
      const whole = await database.explain(sql, { timeoutMs: limits.timeoutMs, signal });
      const plan = whole.slice(0, limits.maxResultBytes).toWellFormed();
      const isCut = plan.length < whole.length;
      const { engine } = database;
      return {
        structured: { plan, truncated: isCut, engine: engineName(engine), sample: engine.isSample },
        text: `${plan}${isCut ? '\n… (cut)' : ''}${sampleNote(engine)}`,
      };
    },
  });
}
