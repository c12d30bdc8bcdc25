import type { McpServer, ServerEvent, ServerEventBus } from '@modelcontextprotocol/server';
import { errorMessage } from './errors.ts';
import { log } from './log.ts';

/**
 * Makes servers that tell their client when `changes` says that a list changed. For servers that have a connection of
 * their own; one that lives for a single request cannot, and there the SDK tells those who listen.
 */
export function tellingChanges(
  createServer: () => McpServer,
  changes: ServerEventBus | undefined,
): () => McpServer {
  if (changes === undefined) return createServer;
  return () => {
    const server = createServer();
    const stop = changes.subscribe((event) => {
      tell(server, event)?.catch((error: unknown) => {
        log.warn(`a client was not told of a change: ${errorMessage(error)}`);
      });
    });
    const { onclose } = server.server;
    server.server.onclose = () => {
      stop();
      onclose?.();
    };
    return server;
  };
}

/** The update of a resource is for those who subscribed to it alone, which only the server itself can know. */
function tell({ server }: McpServer, { kind }: ServerEvent): Promise<void> | undefined {
  const can = server.getCapabilities();
  if (server.transport === undefined) return undefined;
  switch (kind) {
    case 'tools_list_changed':
      return can.tools?.listChanged === true ? server.sendToolListChanged() : undefined;
    case 'prompts_list_changed':
      return can.prompts?.listChanged === true ? server.sendPromptListChanged() : undefined;
    case 'resources_list_changed':
      return can.resources?.listChanged === true ? server.sendResourceListChanged() : undefined;
    case 'resource_updated':
      return undefined;
    default:
      return kind satisfies never;
  }
}
