import type { Host, ServerStatus } from '@patchbay/core';
import { nameWidth, renderServer } from '../render/startup.ts';
import type { Screen } from './screen.ts';

/** Tells when a server goes down, and when it is back. A server that starts because it is needed is no news. */
export class ServerWatch {
  readonly #host: Host;
  readonly #screen: Screen;
  readonly #unwell: Set<string>;
  /** When each came into the state that was told last. */
  readonly #told = new Map<string, number>();

  constructor(host: Host, screen: Screen) {
    this.#host = host;
    this.#screen = screen;
    const unwell = host.servers().filter(({ state: { kind } }) => kind === 'down' || kind === 'connecting');
    this.#unwell = new Set(unwell.map(({ server }) => server));
  }

  /** Follows the servers until `signal` aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    for await (const event of this.#host.events(signal)) {
      if (event.type === 'server-state' && this.#isNews(event.status)) this.tell(event.status);
    }
  }

  /** Tells how a server is, unless that has been told already. */
  tell(status: ServerStatus): void {
    const { server, state } = status;
    if (this.#told.get(server) === state.since) return;
    this.#told.set(server, state.since);
    if (state.kind === 'ready') this.#unwell.delete(server);
    else this.#unwell.add(server);
    this.#screen.line(renderServer(status, nameWidth(this.#host.servers()), this.#screen.style));
  }

  #isNews({ server, state: { kind } }: ServerStatus): boolean {
    if (kind === 'ready') return this.#unwell.has(server);
    return (kind === 'down' || kind === 'degraded') && !this.#unwell.has(server);
  }
}
