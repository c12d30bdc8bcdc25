import type { ServerProcess } from '@patchbay/testing';
import { badInputs } from '@patchbay/testing';
import { describe, expect, test } from 'vitest';
import { SERVERS, startServer } from './support/server-table.ts';

interface Refused {
  readonly isError?: boolean;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

/** What the rows need to be there. */
const PREPARATIONS: Readonly<
  Record<string, readonly (readonly [tool: string, args: Record<string, unknown>])[]>
> = {
  files: [['write_file', { path: 'a.txt', content: 'text' }]],
  notes: [
    ['save', { key: 'k', value: 'v' }],
    ['save', { key: 'once', value: 'v' }],
    ['save', { key: 'twice', value: 'v' }],
    ['save', { key: 'twice', value: 'w' }],
  ],
};

async function call(server: ServerProcess, name: string, args: Record<string, unknown>): Promise<Refused> {
  return server.client.callTool({ name, arguments: args }, { timeout: 60_000 });
}

describe.for(Object.entries(SERVERS))('%s', ([name, row]) => {
  test('refuses what is wrong with a code, a message and a hint, and answers the next call', async () => {
    await using server = await startServer(name, row);
    const tools = await server.listTools();
    expect(Object.keys(row.tools).toSorted()).toEqual(tools.map((tool) => tool.name).toSorted());
    for (const [tool, args] of PREPARATIONS[name] ?? []) await call(server, tool, args);

    for (const tool of tools) {
      const { good, bad = [] } = row.tools[tool.name] ?? { good: {} };
      for (const { what, args } of [...badInputs(tool, good), ...bad]) {
        const { isError, _meta } = await call(server, tool.name, { ...args });
        const label = `${tool.name}: ${what}`;
        expect({ label, isError, error: _meta?.['patchbay/error'] }).toEqual({
          label,
          isError: true,
          error: {
            code: expect.stringMatching(/^(?!INTERNAL$)[A-Z][A-Z_]+$/u),
            message: expect.stringMatching(/\S/u),
            hint: expect.stringMatching(/\S/u),
          },
        });
      }
      const { isError = false, content } = await server.client.callTool({
        name: tool.name,
        arguments: { ...good },
      });
      expect({ tool: tool.name, isError, content: isError ? content : [] }).toEqual({
        tool: tool.name,
        isError: false,
        content: [],
      });
    }
  });
});
