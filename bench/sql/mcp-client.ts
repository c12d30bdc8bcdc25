import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

export interface ServerUnderTest extends AsyncDisposable {
  readonly pid: number;
  /** The text of the answer. Throws when it is an error. */
  call(tool: string, args: Record<string, unknown>): Promise<string>;
}

/** Starts a server on stdio with the SDK's client, the same for every server that is measured. */
export async function startServer(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ServerUnderTest> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...args],
    env: { ...env },
    stderr: 'ignore',
  });
  const client = new Client({ name: 'patchbay-bench', version: '0.0.0' });
  await client.connect(transport);
  return {
    pid: transport.pid ?? 0,
    async call(name, toolArgs) {
      const { content, isError } = await client.callTool({ name, arguments: toolArgs }, { timeout: 600_000 });
      const text = content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
      if (isError === true) throw new Error(`${name}: ${text}`);
      return text;
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
