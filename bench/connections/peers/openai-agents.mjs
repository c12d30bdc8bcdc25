import { connectMcpServers, getAllMcpTools, MCPServerStdio, MCPServerStreamableHttp } from '@openai/agents';

export async function connect(servers, { onReady } = {}) {
  const each = servers.map(({ name, url, command, args, env }) =>
    url ? new MCPServerStreamableHttp({ name, url }) : new MCPServerStdio({ name, command, args, env }),
  );
  const session = await connectMcpServers(each, { connectInParallel: true });
  const byName = new Map(session.active.map((server) => [server.name, server]));
  await Promise.all(
    session.active.map(async (server) => {
      await server.listTools();
      onReady?.(server.name);
    }),
  );
  return {
    definitions: () => getAllMcpTools({ mcpServers: session.active }),
    async call(server, tool, args) {
      const content = await byName.get(server).callTool(tool, args);
      return content[0].text;
    },
    close: () => session.close(),
  };
}
