import { createMCPClient } from '@ai-sdk/mcp';
import { Experimental_StdioMCPTransport as StdioTransport } from '@ai-sdk/mcp/mcp-stdio';
import { connectEach } from './connect-each.mjs';

export const connect = connectEach(async ({ url, command, args, env }) => {
  const transport = url
    ? { type: 'http', url }
    : new StdioTransport({ command, args, env, stderr: 'ignore' });
  const client = await createMCPClient({ transport });
  const listed = await client.listTools();
  const tools = client.toolsFromDefinitions(listed);
  return {
    tools: listed.tools,
    async call(name, parameters) {
      const { content } = await tools[name].execute(parameters, { messages: [], toolCallId: '1' });
      return content[0].text;
    },
    close: () => client.close(),
  };
});
