import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startAll } from './support/served.ts';
import type { SignInWorld } from './support/sign-in.ts';
import { browse, signInWorld } from './support/sign-in.ts';

const program = fileURLToPath(new URL('fixtures/sign-in-program.ts', import.meta.url));

/** Another process that uses the same sign-in. */
function start({ server, folder }: SignInWorld): { child: ChildProcess; said: Promise<string> } {
  const child = spawn(process.execPath, ['--conditions=@patchbay/source', program, server.url, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, said: text(child.stdout) };
}

async function signedInAndExpired(): Promise<SignInWorld> {
  const world = await signInWorld();
  await using host = world.host({ authorize: browse });
  await startAll(host);
  world.issuer.expireAccess();
  return world;
}

test('four processes that find the same token refused renew it once, and all go on', async () => {
  await using world = await signedInAndExpired();
  // None gets its answer before all have been refused. A second use of the refresh token would end the sign-in.
  world.issuer.faults.refreshGate = world.server.refused(4);
  const said = await Promise.all(Array.from({ length: 4 }, () => start(world).said));
  expect(said).toEqual(Array.from({ length: 4 }, () => 'ready {"a":1}\n'));
  expect(world.issuer.tokenRequests).toEqual(['authorization_code', 'refresh_token']);
  expect(await readdir(world.folder)).toHaveLength(1);
});

test('a process that is killed while it renews holds up nobody and leaves no damage', async () => {
  await using world = await signedInAndExpired();
  const gate = Promise.withResolvers<void>();
  world.issuer.faults.refreshGate = gate.promise;
  const { child, said } = start(world);
  await expect.poll(() => world.issuer.tokenRequests.length, { timeout: 20_000 }).toBe(2);
  child.kill('SIGKILL');
  await once(child, 'close');
  await said;
  expect(await readdir(world.folder)).toEqual([
    expect.stringMatching(/\.json$/),
    expect.stringMatching(/\.json\.lock$/),
  ]);
  const next = start(world);
  await expect.poll(() => world.issuer.tokenRequests.length, { timeout: 20_000 }).toBe(3);
  gate.resolve();
  expect(await next.said).toBe('ready {"a":1}\n');
  expect(await readdir(world.folder)).toEqual([expect.stringMatching(/\.json$/)]);
});

test('a lock of another machine counts until its time is over', async () => {
  await using world = await signedInAndExpired();
  const [name = ''] = await readdir(world.folder);
  const lock = { host: 'another-machine', pid: process.pid, id: 'x' };
  await writeFile(join(world.folder, `${name}.lock`), JSON.stringify({ ...lock, until: Date.now() - 1 }));
  expect(await start(world).said).toBe('ready {"a":1}\n');
});
