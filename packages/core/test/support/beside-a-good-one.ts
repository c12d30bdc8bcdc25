import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { ServerConfig, TransportConfig } from '../../src/config/host-config.ts';
import type { Host } from '../../src/host.ts';
import { createHost } from '../../src/host.ts';
import type { ServerState } from '../../src/mcp/server-state.ts';
import type { ToolOutcome } from '../../src/tools.ts';
import { outcomeText } from '../../src/tools.ts';
import { processesWith } from './processes.ts';
import { DEFAULTS, good, startAll } from './served.ts';

/** A host of two servers: the one that misbehaves, by the name of `bad`, and a good one. */
export interface Scene {
  readonly host: Host;
  /** Calls a tool of the one that misbehaves, its first one unless named. */
  readonly call: (tool?: string) => Promise<ToolOutcome>;
  readonly state: () => ServerState | undefined;
}

/** What hosts share that start the same servers one after the other, or at once. */
export interface Memory {
  readonly cacheFolder: string;
  /** Stands in the environment of their servers, and so decides which of them are the same. */
  readonly mark: string;
}

export type Limits = Partial<Pick<ServerConfig, 'startTimeoutMs' | 'timeoutMs' | 'protocol'>>;

/**
 * Plays a scene with a server that misbehaves. All the while, and after, the good server of the same host answers, out of
 * one process. Resolves with the processes of either that are left when the host has been closed: there should be none.
 */
export async function besideAGoodOne(
  bad: TransportConfig,
  { memory, ...limits }: Limits & { readonly memory?: Memory },
  play: (scene: Scene) => Promise<void>,
): Promise<number[]> {
  const { cacheFolder, mark: value = randomUUID() } = memory ?? {};
  const variable = 'FAULT_OF';
  const servers = Object.entries({ bad, good: good() }).map(([name, transport]) => ({
    ...DEFAULTS,
    ...(name === 'bad' ? limits : {}),
    name,
    transport:
      transport.kind === 'stdio' ? { ...transport, env: { ...transport.env, [variable]: value } } : transport,
  }));
  const client = { name: 'test', version: '1' };
  const host = createHost({ source: 'test', servers }, { env: process.env, client, cacheFolder });
  try {
    const settled = startAll(host);
    await host.withSession('good', async () => expectGood(host));
    const pid = await pidOfGood(host);
    await whileGood(host, settled);
    const scene: Scene = {
      host,
      call(tool) {
        const tools = host.tools.listTools().filter(({ server }) => server === 'bad');
        const found = tools.find((each) => tool === undefined || each.tool === tool);
        return host.tools.callTool(found?.name ?? 'bad__none', {});
      },
      state: () => host.servers()[0]?.state,
    };
    await whileGood(host, play(scene));
    expect(await pidOfGood(host)).toBe(pid);
  } finally {
    await host[Symbol.asyncDispose]();
  }
  // The system takes a moment to end what was killed.
  const deadline = performance.now() + 10_000;
  while (processesWith(`${variable}=${value}`).length > 0 && performance.now() < deadline) await pause(20);
  return processesWith(`${variable}=${value}`);
}

async function whileGood(host: Host, work: Promise<void>): Promise<void> {
  const over = new AbortController();
  const ended = work.finally(() => over.abort());
  const watching = (async () => {
    while (!over.signal.aborted) {
      await expectGood(host);
      await pause(20);
    }
  })();
  await Promise.all([ended, watching]);
}

async function expectGood(host: Host): Promise<void> {
  expect(await host.tools.callTool('good__add', { a: 2, b: 3 })).toMatchObject({ structured: { sum: 5 } });
}

async function pidOfGood(host: Host): Promise<string> {
  return outcomeText(await host.tools.callTool('good__pid', {}));
}
