// The last release with a client: 2.x of this package has none.
import { MCPClient } from 'mcp-use';

export async function connect(servers, { onReady } = {}) {
  const mcpServers = Object.fromEntries(
    servers.map(({ name, url, command, args, env }) => [name, url ? { url } : { command, args, env }]),
  );
  const client = new MCPClient({ mcpServers });
  const sessions = await client.createAllSessions();
  for (const { name } of servers) onReady?.(name);
  return {
    definitions: () => Object.values(sessions).flatMap(({ connector }) => connector.tools),
    async call(server, tool, args) {
      const { content } = await sessions[server].connector.callTool(tool, args);
      return content[0].text;
    },
    close: () => client.closeAllSessions(),
  };
}
