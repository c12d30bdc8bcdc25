import { beforeAll, describe, expect, test } from 'vitest';
import { SERVERS } from '../test/support/server-table.ts';
import type { Clients } from './support/clients.ts';
import { installClients } from './support/clients.ts';
import { loadByInspector, loadServer } from './support/load.ts';

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

  test.for(['modern', 'legacy'] as const)("stands the Inspector's load, %s", async (era) => {
    const { failed, answered, endMb } = await loadByInspector(clients, { main, row, seconds: 2, era });
    expect({ failed, isAnswering: answered > 64, isBounded: endMb <= MAX_MEMORY_MB }).toEqual({
      failed: 0,
      isAnswering: true,
      isBounded: true,
    });
  });
});
