import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { connectEach } from './connect-each.mjs';

export const connect = connectEach(async ({ url, command, args, env, era }) => {
  const mode = era === 'modern' ? { pin: '2026-07-28' } : 'legacy';
  const client = new Client({ name: 'bench', version: '1' }, { versionNegotiation: { mode } });
  const transport = url
    ? new StreamableHTTPClientTransport(new URL(url))
    : new StdioClientTransport({ command, args, env, stderr: 'ignore' });
  await client.connect(transport);
  const { tools } = await client.listTools();
  return {
    tools,
    async call(name, parameters) {
      const { content } = await client.callTool({ name, arguments: parameters });
      return content[0].text;
    },
    close: () => client.close(),
  };
});
