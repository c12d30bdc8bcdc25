import { startHttpServerProcess } from '@patchbay/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { SERVERS, startWorld } from '../test/support/server-table.ts';
import type { Clients } from './support/clients.ts';
import { installClients } from './support/clients.ts';
import { loadServer } from './support/load.ts';

/** More memory than this, in MB, after the first half of the load is a leak. */
const MAX_GROWTH_MB = 60;

let clients: Clients;

beforeAll(async () => {
  clients = await installClients();
});

describe.for(Object.entries(SERVERS))('%s', ([name, row]) => {
  const main = new URL('./main.ts', import.meta.resolve(`@patchbay/server-${name}`));

  test('answers 64 at a time without an error, in memory that does not grow', async () => {
    const { failed, answered, middleMb, endMb } = await loadServer(clients, { main, row, seconds: 4 });
    expect({
      failed,
      isAnswering: answered > 64,
      growth: Math.max(0, endMb - middleMb - MAX_GROWTH_MB),
    }).toEqual({
      failed: 0,
      isAnswering: true,
      growth: 0,
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
