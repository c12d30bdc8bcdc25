import { MultiServerMCPClient } from '@langchain/mcp-adapters';
import { convertToOpenAITool } from '@langchain/core/utils/function_calling';

export async function connect(servers, { onReady } = {}) {
  const mcpServers = Object.fromEntries(
    servers.map(({ name, url, command, args, env }) => [
      name,
      url ? { transport: 'http', url } : { transport: 'stdio', command, args, env, stderr: 'ignore' },
    ]),
  );
  const client = new MultiServerMCPClient({
    mcpServers,
    prefixToolNameWithServerName: true,
    onConnectionError: 'ignore',
  });
  const tools = await client.getTools();
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  for (const { name } of servers) if (byName.has(`${name}__echo`)) onReady?.(name);
  return {
    definitions: () => tools.map((tool) => convertToOpenAITool(tool)),
    async call(server, tool, args) {
      const result = await byName.get(`${server}__${tool}`).invoke(args);
      return typeof result === 'string' ? result : result[0].text;
    },
    close: () => client.close(),
  };
}
