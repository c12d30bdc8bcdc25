import { startHttpServerProcess } from '@patchbay/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { SERVERS, startWorld } from '../test/support/server-table.ts';
import type { Clients } from './support/clients.ts';
import { installClients } from './support/clients.ts';
import { loadServer } from './support/load.ts';

/** What a server may take under load, in MB; one on the SDK alone takes some 200. */
const MAX_MEMORY_MB = 600;

let clients: Clients;

beforeAll(async () => {
  clients = await installClients();
});

describe.for(Object.entries(SERVERS))('%s', ([name, row]) => {
  const main = new URL('./main.ts', import.meta.resolve(`@patchbay/server-${name}`));

  test('answers 64 at a time without an error, in bounded memory', async () => {
    const { failed, answered, endMb } = await loadServer(clients, { main, row, seconds: 4 });
    expect({ failed, isAnswering: answered > 64, isBounded: endMb <= MAX_MEMORY_MB }).toEqual({
      failed: 0,
      isAnswering: true,
      isBounded: true,
    });
  });

  test("stands the Inspector's load", async () => {
    await using world = await startWorld(row);
    const args = ['--http', '--end-with-input', ...(row.args ?? [])];
    await using server = await startHttpServerProcess({ main, args, env: world.env });
    const [tool, { good }] = Object.entries(row.tools)[0] ?? ['', { good: {} }];
    const calls = ['--method', 'tools/call', '--tool-name', tool, '--tool-args-json', JSON.stringify(good)];
    const load = ['--load', '--load-requests', '128', '--load-concurrency', '64', '--protocol-era', 'modern'];
    const target = ['--server-url', server.url.href, '--transport', 'http'];
    expect(await clients.inspect([...target, ...calls, ...load])).toMatchObject({
      result: { ok: 128, errors: 0, toolErrors: 0 },
    });
  });
});
