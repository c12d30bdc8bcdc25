import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { startAuthorizationServer } from '@patchbay/testing';
import { expect, test } from 'vitest';
import type { Authorize, SignInRequest } from '../src/auth/sign-in.ts';
import type { Host } from '../src/host.ts';
import { outcomeText } from '../src/tools.ts';
import { startAll } from './support/served.ts';
import { browse, signInWorld } from './support/sign-in.ts';

async function echo(host: Host, args: Record<string, unknown> = { a: 1 }): Promise<string> {
  return outcomeText(await host.tools.callTool('s__echo', args));
}

test('the user signs in when a server wants it, and the next program goes on with that', async () => {
  await using world = await signInWorld();
  const asked: SignInRequest[] = [];
  {
    await using host = world.host({
      authorize: async (request, signal) => {
        asked.push(request);
        await browse(request, signal);
      },
    });
    await startAll(host);
    expect(host.servers()[0]?.state.kind).toBe('ready');
    expect(await echo(host)).toBe('{"a":1}');
  }
  expect(asked).toEqual([{ server: 's', url: expect.stringContaining(`${world.issuer.issuer}/authorize?`) }]);
  const query = new URL(asked[0]?.url ?? '').searchParams;
  expect(Object.fromEntries(query)).toMatchObject({
    code_challenge_method: 'S256',
    redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
    resource: world.server.url,
    state: expect.stringMatching(/^[\w-]{43}$/),
  });
  await using later = world.host();
  await startAll(later);
  expect(await echo(later)).toBe('{"a":1}');
  expect(world.issuer.tokenRequests).toEqual(['authorization_code']);
});

test('who signs in reads which program it is for', async () => {
  await using world = await signInWorld();
  let page = '';
  await using host = world.host({
    async authorize({ url }) {
      page = await (await fetch(url)).text();
    },
  });
  await startAll(host);
  expect(page).toBe('The Test has the answer. You can close this page.\n');
  expect(world.issuer.clientNames).toEqual(['The Test']);
});

test('a sign-in is kept where nobody else can read it', async () => {
  await using world = await signInWorld();
  await using host = world.host({ authorize: browse });
  await startAll(host);
  const [name = '', ...others] = await readdir(world.folder);
  expect(others).toEqual([]);
  const modes = await Promise.all(
    [world.folder, join(world.folder, name)].map(async (path) => (await stat(path)).mode & 0o777),
  );
  expect(modes).toEqual([0o700, 0o600]);
  const stored = JSON.parse(await readFile(join(world.folder, name), 'utf8'));
  expect(stored).toMatchObject({ url: world.server.url, grant: { issuer: world.issuer.issuer } });
});

test('without anybody to ask the server is down, is asked once, and says what to do', async () => {
  await using world = await signInWorld();
  await using host = world.host();
  await startAll(host);
  expect(host.servers()[0]?.state).toEqual({
    kind: 'down',
    since: expect.any(Number),
    reason: `${new URL(world.server.url).host} asks for authorization`,
    hint: 'Sign in: patchbay login s; or set an "Authorization" header for it.',
  });
  expect(world.server.refusals).toBe(1);
  expect(await readdir(world.folder).catch(() => 'none')).toBe('none');
});

test('a user may take longer than a server may take to start', async () => {
  await using world = await signInWorld();
  await using host = world.host({
    startTimeoutMs: 1500,
    async authorize(request, signal) {
      await new Promise((resolve) => setTimeout(resolve, 2500));
      await browse(request, signal);
    },
  });
  await startAll(host);
  expect(host.servers()[0]?.state.kind).toBe('ready');
});

test('an expired token is renewed in the middle of calls, once for all of them', async () => {
  await using world = await signInWorld();
  await using host = world.host({ authorize: browse });
  await startAll(host);
  world.issuer.expireAccess();
  const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => echo(host, { index })));
  expect(answers).toEqual(Array.from({ length: 10 }, (_, index) => `{"index":${index}}`));
  expect(world.issuer.tokenRequests).toEqual(['authorization_code', 'refresh_token']);
});

test('a sign-in that was revoked makes the server down until the user signs in again', async () => {
  await using world = await signInWorld();
  let isThere = true;
  await using host = world.host({
    async authorize(request, signal) {
      if (!isThere) throw new Error('nobody is there');
      await browse(request, signal);
    },
  });
  await startAll(host);
  world.issuer.revokeAll();
  isThere = false;
  expect(await echo(host)).toMatch(/^Server "s" is down: signing in to .* failed: nobody is there\./);
  const { host: name } = new URL(world.server.url);
  await using unattended = world.host();
  await startAll(unattended);
  expect(unattended.servers()[0]?.state).toMatchObject({
    kind: 'down',
    reason: `${name} asks for authorization`,
  });
  isThere = true;
  expect(await host.restart('s')).toMatchObject({ state: { kind: 'ready' } });
  expect(await echo(host)).toBe('{"a":1}');
});

test('a program that cannot ask says that the sign-in has ended, and does not try by itself', async () => {
  await using world = await signInWorld();
  {
    await using host = world.host({ authorize: browse });
    await startAll(host);
  }
  world.issuer.revokeAll();
  await using host = world.host();
  await startAll(host);
  const { host: name } = new URL(world.server.url);
  expect(host.servers()[0]?.state).toEqual({
    kind: 'down',
    since: expect.any(Number),
    reason: `the sign-in to ${name} has ended (invalid_grant)`,
    hint: 'Sign in again: patchbay login s',
  });
});

test('an authorization server that is away is no reason to sign in: the server is tried again', async () => {
  await using world = await signInWorld();
  {
    await using host = world.host({ authorize: browse });
    await startAll(host);
  }
  world.issuer.expireAccess();
  world.issuer.faults.isDown = true;
  await using host = world.host({ authorize: () => expect.unreachable() });
  await startAll(host);
  expect(host.servers()[0]?.state).toMatchObject({
    kind: 'down',
    reason: expect.stringContaining('cannot be renewed'),
    retryAt: expect.any(Number),
  });
  world.issuer.faults.isDown = false;
  await expect.poll(() => host.servers()[0]?.state.kind, { timeout: 10_000 }).toBe('ready');
});

test('a call that needs more rights has the user give them, and keeps those that there were', async () => {
  await using world = await signInWorld();
  const scopes: (string | null)[] = [];
  const authorize: Authorize = async (request, signal) => {
    scopes.push(new URL(request.url).searchParams.get('scope'));
    await browse(request, signal);
  };
  await using host = world.host({ authorize, oauth: { scope: 'basic' } });
  await startAll(host);
  expect(outcomeText(await host.tools.callTool('s__admin', { b: 2 }))).toBe('{"b":2}');
  expect(scopes).toEqual(['basic', 'basic admin']);
  await using unattended = world.host();
  await startAll(unattended);
  expect(await unattended.tools.callTool('s__admin', {})).toMatchObject({ isError: false });
});

test('without anybody to ask, a call that needs more rights fails alone', async () => {
  await using world = await signInWorld();
  {
    await using host = world.host({ authorize: browse });
    await startAll(host);
  }
  await using host = world.host();
  await startAll(host);
  const outcome = await host.tools.callTool('s__admin', {});
  expect(outcome.isError).toBe(true);
  expect(outcomeText(outcome)).toMatch(
    /asks for more rights than were given \(basic admin\)\. Sign in: patchbay login s/,
  );
  expect(await echo(host)).toBe('{"a":1}');
});

test('what one issuer gave is not sent to another that the server names now', async () => {
  await using world = await signInWorld();
  {
    await using host = world.host({ authorize: browse });
    await startAll(host);
  }
  await using other = await startAuthorizationServer();
  world.server.issuer = other;
  {
    await using unattended = world.host();
    await startAll(unattended);
    expect(unattended.servers()[0]?.state).toMatchObject({
      kind: 'down',
      reason: expect.stringContaining('the server has another authorization server now'),
    });
  }
  expect(other.tokenRequests).toEqual([]);
  await using host = world.host({ authorize: browse });
  await startAll(host);
  expect(await echo(host)).toBe('{"a":1}');
  expect([other.clientNames, other.tokenRequests]).toEqual([['The Test'], ['authorization_code']]);
});

test('signing out forgets the sign-in, on disk and with the issuer', async () => {
  await using world = await signInWorld();
  await using host = world.host({ authorize: browse });
  await startAll(host);
  const [name = ''] = await readdir(world.folder);
  const { grant } = JSON.parse(await readFile(join(world.folder, name), 'utf8'));
  expect(world.issuer.scopesOf(grant.tokens.access_token)).toEqual(['basic']);
  await host.signOut('s');
  expect(world.issuer.scopesOf(grant.tokens.access_token)).toBeUndefined();
  expect(await readdir(world.folder)).toEqual([]);
  await using unattended = world.host();
  await startAll(unattended);
  expect(unattended.servers()[0]?.state).toMatchObject({ kind: 'down' });
});

test('signing out works without the issuer, and without a sign-in', async () => {
  await using world = await signInWorld();
  await using host = world.host({ authorize: browse });
  await startAll(host);
  await world.issuer[Symbol.asyncDispose]();
  await host.signOut('s');
  await host.signOut('s');
  expect(await readdir(world.folder)).toEqual([]);
});
