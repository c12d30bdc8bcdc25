import type { ToolDefinition, ToolOutcome, ToolProgress, ToolSource } from '../tools.ts';
import { sortedByName, textOutcome } from '../tools.ts';
import type { ServerConnection } from './server-connection.ts';

interface Tools {
  /** What each server listed, which is never changed in place. */
  readonly lists: readonly (readonly ToolDefinition[])[];
  readonly sorted: readonly ToolDefinition[];
  readonly byName: ReadonlyMap<string, ToolDefinition>;
}

/** Every server's tools as one {@link ToolSource}: lists them all, sends each call to its owner. */
export class ToolRouter implements ToolSource {
  readonly #connections: ReadonlyMap<string, ServerConnection>;
  #tools: Tools = { lists: [], sorted: [], byName: new Map() };

  constructor(connections: ReadonlyMap<string, ServerConnection>) {
    this.#connections = connections;
  }

  listTools(): readonly ToolDefinition[] {
    return this.#read().sorted;
  }

  callTool(
    name: string,
    args: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
    onProgress?: (progress: ToolProgress) => void,
  ): Promise<ToolOutcome> {
    const definition = this.#read().byName.get(name);
    const connection = definition && this.#connections.get(definition.server);
    if (!connection) return Promise.resolve(textOutcome(this.#explainUnknown(name), true));
    return connection.callTool(definition.tool, args, { signal, onProgress });
  }

  /** The tools of all servers, put in order only when a server has listed others. */
  #read(): Tools {
    if (this.#isCurrent()) return this.#tools;
    const lists = [...this.#connections.values()].map(({ tools }) => tools);
    const sorted = sortedByName(lists.flat());
    const byName = new Map<string, ToolDefinition>();
    for (const tool of sorted) byName.set(tool.name, tool);
    this.#tools = { lists, sorted, byName };
    return this.#tools;
  }

  #isCurrent(): boolean {
    const { lists } = this.#tools;
    let index = 0;
    for (const connection of this.#connections.values()) {
      if (connection.tools !== lists[index]) return false;
      index += 1;
    }
    return index === lists.length;
  }

  /** A tool may be unknown because its server is down, which the model must not mistake for a tool that never was. */
  #explainUnknown(name: string): string {
    const down = [...this.#connections.values()].flatMap(({ status: { server, state, tools } }) =>
      state.kind === 'down' && tools.length === 0 ? [`${server} (${state.reason})`] : [],
    );
    const note = down.length > 0 ? ` Servers that are down, with their tools: ${down.join('; ')}.` : '';
    return `There is no tool named "${name}".${note}`;
  }
}
