import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startAuthorizationServer, startProtectedServer } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { createProject, math } from './support/cli.ts';

/** Opens the address that a program prints, once, and follows it back. */
class Browser {
  opened: Promise<number> | undefined;

  follow(output: string): void {
    const [url] = /http:\/\/127\S+\/authorize\S+(?=\s)/.exec(output) ?? [];
    if (url !== undefined) this.opened ??= fetch(url).then(({ status }) => status);
  }
}

test('login shows where to sign in, other commands go on with it, and logout forgets it', async () => {
  await using issuer = await startAuthorizationServer();
  await using server = await startProtectedServer(issuer);
  await using project = await createProject({ remote: { url: server.url }, math });

  const before = await project.patchbay(['call', 'remote.echo', 'a=1']);
  expect([before.code, before.stderr]).toEqual([4, expect.stringContaining('patchbay login remote')]);

  const browser = new Browser();
  const login = await project.patchbay(['login', 'remote', '--json'], {
    onOutput: (output) => browser.follow(output),
  });
  expect(await browser.opened).toBe(200);
  expect([login.code, JSON.parse(login.stdout)]).toMatchObject([
    0,
    { name: 'remote', state: 'ready', tools: 2 },
  ]);

  const call = await project.patchbay(['call', 'remote.echo', 'a=1']);
  expect([call.code, call.stdout]).toEqual([0, '{"a":1}\n']);

  const logout = await project.patchbay(['logout', 'remote']);
  expect([logout.code, logout.stdout]).toEqual([0, 'The sign-in to remote is forgotten.\n']);
  expect(await readdir(join(project.env['PATCHBAY_STATE'] ?? '', 'sign-ins'))).toEqual([]);
  const after = await project.patchbay(['call', 'remote.echo', 'a=1']);
  expect(after.code).toBe(4);
});

test('a sign-in that is given up ends with nothing left behind', async () => {
  await using issuer = await startAuthorizationServer();
  await using server = await startProtectedServer(issuer);
  await using project = await createProject({ remote: { url: server.url } });
  const login = await project.patchbay(['login', 'remote'], {
    onOutput: (output, { kill }) => {
      if (output.includes('Waiting')) kill('SIGINT');
    },
  });
  expect([login.code, login.stdout]).toEqual([130, '']);
  expect(await readdir(join(project.env['PATCHBAY_STATE'] ?? '', 'sign-ins')).catch(() => [])).toEqual([]);
});

test('a sign-in that is refused says why and ends with 3', async () => {
  await using issuer = await startAuthorizationServer();
  await using server = await startProtectedServer(issuer);
  issuer.faults.isDenying = true;
  await using project = await createProject({ remote: { url: server.url } });
  const browser = new Browser();
  const login = await project.patchbay(['login', 'remote'], {
    onOutput: (output) => browser.follow(output),
  });
  expect(await browser.opened).toBe(200);
  expect([login.code, login.stdout]).toEqual([3, expect.stringContaining('access_denied')]);
});

test.for([
  [['login'], 2, 'Too few words: patchbay login <server>'],
  [['logout', 'a', 'b'], 2, 'logout takes no "b"'],
  [['login', 'math'], 2, 'math is a program of this machine: nobody signs in to it'],
  [['login', 'other'], 4, 'There is no server named "other"'],
] as const)('patchbay %s is refused', async ([args, code, message]) => {
  await using project = await createProject({ math });
  const result = await project.patchbay(args);
  expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(message)]);
});
