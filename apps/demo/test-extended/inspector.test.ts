import { fileURLToPath } from 'node:url';
import { startHttpServerProcess } from '@patchbay/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { SERVERS, startWorld } from '../test/support/server-table.ts';
import type { Clients } from './support/clients.ts';
import { installClients } from './support/clients.ts';

// The official Inspector, which others wrote, as a client of every server.

let clients: Clients;

beforeAll(async () => {
  clients = await installClients();
});

describe.for(Object.entries(SERVERS))('the Inspector lists and calls the tools of %s', ([name, row]) => {
  const main = new URL('./main.ts', import.meta.resolve(`@patchbay/server-${name}`));
  const [tool, { good }] = Object.entries(row.tools)[0] ?? ['', { good: {} }];
  const call = ['--method', 'tools/call', '--tool-name', tool, '--tool-args-json', JSON.stringify(good)];
  const [listed, called] = [
    { result: { tools: expect.arrayContaining([expect.objectContaining({ name: tool })]) } },
    { result: { content: expect.any(Array), structuredContent: expect.any(Object) } },
  ];
  const answersOf = async (target: readonly string[]): Promise<readonly unknown[]> => {
    const answers = [];
    for (const era of ['legacy', 'modern']) {
      for (const asked of [['--method', 'tools/list'], call]) {
        answers.push(await clients.inspect([...target, ...asked, '--protocol-era', era]));
      }
    }
    return answers;
  };

  test('over stdio, in both eras', async () => {
    await using world = await startWorld(row);
    const env = Object.entries(world.env).flatMap(([variable, value]) => ['-e', `${variable}=${value}`]);
    const program = ['--conditions=@patchbay/source', fileURLToPath(main), ...(row.args ?? [])];
    const answers = await answersOf([process.execPath, ...program, ...env]);
    expect(answers).toMatchObject([listed, called, listed, called]);
  });

  test('over HTTP, in both eras', async () => {
    await using world = await startWorld(row);
    const args = ['--http', '--end-with-input', ...(row.args ?? [])];
    await using server = await startHttpServerProcess({ main, args, env: world.env });
    const answers = await answersOf(['--server-url', server.url.href, '--transport', 'http']);
    expect(answers).toMatchObject([listed, called, listed, called]);
  });
});
