// Patchbay as its users have it: the built package, through its public names.
import { createHost } from '@patchbay/core';

export async function connect(servers, { onReady, cacheFolder } = {}) {
  const config = { source: 'bench', servers: servers.map(toConfig) };
  const host = createHost(config, { env: process.env, client: { name: 'bench', version: '1' }, cacheFolder });
  for await (const { server, state } of host.start()) if (state.kind === 'ready') onReady?.(server);
  return {
    definitions: () => host.tools.listTools(),
    async call(server, tool, args) {
      const { content } = await host.tools.callTool(`${server}__${tool}`, args);
      return content[0].text;
    },
    close: () => host[Symbol.asyncDispose](),
  };
}

function toConfig({ name, command, args, env, url }) {
  const transport = url
    ? { kind: 'http', url: new URL(url), headers: {} }
    : { kind: 'stdio', command, args, env, cwd: process.cwd() };
  const limits = { startTimeoutMs: 10_000, timeoutMs: 60_000, maxTotalMs: 600_000 };
  return { name, transport, protocol: 'auto', start: 'eager', trusted: false, ...limits };
}
