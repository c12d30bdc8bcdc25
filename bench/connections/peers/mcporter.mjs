import { createRuntime } from 'mcporter';

export async function connect(servers, { onReady } = {}) {
  const runtime = await createRuntime({
    servers: servers.map(({ name, url, command, args, env }) => ({
      name,
      env,
      command: url
        ? { kind: 'http', url: new URL(url) }
        : { kind: 'stdio', command, args, cwd: process.cwd() },
    })),
    logger: { info() {}, warn() {}, error() {}, debug() {} },
  });
  const lists = await Promise.allSettled(
    servers.map(async ({ name }) => {
      const tools = await runtime.listTools(name, { includeSchema: true });
      onReady?.(name);
      return tools;
    }),
  );
  return {
    definitions: () => lists.flatMap(({ value = [] }) => value),
    async call(server, tool, args) {
      const { content } = await runtime.callTool(server, tool, { args });
      return content[0].text;
    },
    close: () => runtime.close(),
  };
}
