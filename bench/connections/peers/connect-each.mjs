// For clients of one server: many at once, and one that fails keeps the others.

export function connectEach(open) {
  return async (servers, { onReady } = {}) => {
    const links = new Map();
    await Promise.allSettled(
      servers.map(async (server) => {
        links.set(server.name, await open(server));
        onReady?.(server.name);
      }),
    );
    return {
      definitions: () => [...links.values()].flatMap(({ tools }) => tools),
      call: (server, tool, args) => links.get(server).call(tool, args),
      close: () => Promise.all([...links.values()].map((link) => link.close())),
    };
  };
}
