import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { connectEach } from './connect-each.mjs';

export const connect = connectEach(async ({ url, command, args, env }) => {
  const client = new Client({ name: 'bench', version: '1' });
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
