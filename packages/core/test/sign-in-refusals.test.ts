import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KNOWN_CLIENT } from '@patchbay/testing';
import { expect, test } from 'vitest';
import type { Host } from '../src/host.ts';
import { outcomeText } from '../src/tools.ts';
import { Authorization } from '../src/auth/authorization.ts';
import { OAUTH_DEFAULTS } from '../src/config/oauth-config.ts';
import { startHttpMcp } from './support/http-mcp.ts';
import { hostOf, startAll } from './support/served.ts';
import { browse, signInWorld } from './support/sign-in.ts';

async function echo(host: Host, args: Record<string, unknown> = { a: 1 }): Promise<string> {
  return outcomeText(await host.tools.callTool('s__echo', args));
}

test.for<[string, { iss?: string | undefined }]>([
  ['of another issuer', { iss: 'https://evil.example' }],
  ['of no issuer, from one that says that it names itself', { iss: undefined }],
])('an answer %s is not taken', async ([, fault]) => {
  await using world = await signInWorld();
  Object.assign(world.issuer.faults, fault);
  await using host = world.host({ authorize: browse });
  await startAll(host);
  expect(host.servers()[0]?.state).toMatchObject({
    kind: 'down',
    reason: expect.stringContaining('Issuer mismatch in authorization response (RFC 9207)'),
  });
  expect(world.issuer.tokenRequests).toEqual([]);
  expect(await readdir(world.folder).catch(() => [])).toEqual([]);
});

test('what comes back with another state is turned away, and the sign-in goes on', async () => {
  await using world = await signInWorld();
  const statuses: number[] = [];
  await using host = world.host({
    async authorize(request, signal) {
      const forged = new URL(new URL(request.url).searchParams.get('redirect_uri') ?? '');
      const elsewhere = new URL('/other', forged);
      forged.search = '?code=stolen&state=guessed';
      for (const url of [forged, elsewhere]) statuses.push((await fetch(url)).status);
      await browse(request, signal);
    },
  });
  await startAll(host);
  expect(statuses).toEqual([400, 404]);
  expect(host.servers()[0]?.state.kind).toBe('ready');
});

test('a user who says no is not asked again, and the words of the issuer are made safe', async () => {
  await using world = await signInWorld();
  world.issuer.faults.isDenying = true;
  let asked = 0;
  await using host = world.host({
    async authorize(request, signal) {
      asked += 1;
      await browse(request, signal);
    },
  });
  await startAll(host);
  expect(host.servers()[0]?.state).toMatchObject({
    kind: 'down',
    reason: expect.stringMatching(/failed: access_denied: The user said no$/),
  });
  expect(asked).toBe(1);
});

test.for(['file:///etc/passwd', 'http://example.com/authorize', 'vscode://open'])(
  'an address like %s is never opened',
  async (endpoint) => {
    await using world = await signInWorld();
    world.issuer.faults.authorizationEndpoint = endpoint;
    await using host = world.host({ authorize: () => expect.unreachable() });
    await startAll(host);
    expect(host.servers()[0]?.state).toMatchObject({
      kind: 'down',
      reason: expect.stringContaining('failed'),
    });
  },
);

test('a program signs itself in with its own credentials, at the issuer that may hear of them alone', async () => {
  await using world = await signInWorld();
  const credentials = {
    grant: 'client_credentials',
    clientId: KNOWN_CLIENT.id,
    clientSecret: KNOWN_CLIENT.secret,
  } as const;
  {
    await using host = world.host({ oauth: { ...credentials, issuer: 'https://login.example.com' } });
    await startAll(host);
    expect(host.servers()[0]?.state).toMatchObject({
      kind: 'down',
      reason: expect.stringContaining(`refuses this program: the server names ${world.issuer.issuer}`),
    });
    expect(world.issuer.tokenRequests).toEqual([]);
  }
  await using host = world.host({ oauth: { ...credentials, issuer: world.issuer.issuer } });
  await startAll(host);
  expect(await echo(host)).toBe('{"a":1}');
  world.issuer.expireAccess();
  expect(await echo(host)).toBe('{"a":1}');
  expect(world.issuer.tokenRequests).toEqual(['client_credentials', 'client_credentials']);
});

test('credentials that are refused are said to be', async () => {
  await using world = await signInWorld();
  const oauth = { grant: 'client_credentials', clientId: KNOWN_CLIENT.id, clientSecret: 'wrong' } as const;
  await using host = world.host({ oauth });
  await startAll(host);
  expect(host.servers()[0]?.state).toMatchObject({
    kind: 'down',
    reason: expect.stringMatching(/refuses this program: invalid_client$/),
    hint: 'Check "oauth" of "s".',
  });
});

test('a file that is cut or somebody else’s is as good as none', async () => {
  await using world = await signInWorld();
  {
    await using host = world.host({ authorize: browse });
    await startAll(host);
  }
  const [name = ''] = await readdir(world.folder);
  const path = join(world.folder, name);
  const text = await readFile(path, 'utf8');
  for (const content of [
    text.slice(0, -20),
    '[]',
    text.replace(world.server.url, 'http://127.0.0.1:1/mcp'),
  ]) {
    await writeFile(path, content);
    await using host = world.host();
    await startAll(host);
    expect(host.servers()[0]?.state).toMatchObject({
      kind: 'down',
      reason: expect.stringContaining('asks for'),
    });
  }
});

test('a header that is set by hand is sent as it is, and nobody signs in', async () => {
  await using world = await signInWorld();
  await using host = world.host({
    headers: { authorization: 'Bearer by-hand' },
    authorize: () => expect.unreachable(),
  });
  await startAll(host);
  expect(host.servers()[0]?.state).toMatchObject({
    kind: 'down',
    hint: 'Set an "Authorization" header for it.',
  });
});

test('closing the host ends a sign-in that is under way', async () => {
  await using world = await signInWorld();
  const opened = Promise.withResolvers<AbortSignal>();
  const host = world.host({
    authorize(_request, signal) {
      opened.resolve(signal);
      return new Promise(() => {});
    },
  });
  const starting = startAll(host);
  const signal = await opened.promise;
  await host[Symbol.asyncDispose]();
  await starting;
  expect(signal.aborted).toBe(true);
});

test('a server of HTTP+SSE is signed in to as well', async () => {
  await using world = await signInWorld();
  const { issuer } = world;
  const metadata = '/.well-known/oauth-protected-resource';
  await using http = await startHttpMcp({
    speaks: 'sse',
    intercept(_method, { url, headers }) {
      const origin = `http://${headers.host}`;
      if (url === metadata) {
        const body = JSON.stringify({ resource: origin, authorization_servers: [issuer.issuer] });
        return { status: 200, type: 'application/json', body };
      }
      if (issuer.scopesOf(headers.authorization?.slice('Bearer '.length) ?? '')) return undefined;
      const challenge = `Bearer resource_metadata="${origin}${metadata}"`;
      return {
        status: 401,
        misbehave: (response) => void response.writeHead(401, { 'www-authenticate': challenge }).end(),
      };
    },
  });
  await using host = hostOf({ s: http.config }, { authorize: browse });
  await startAll(host);
  expect(host.servers()[0]?.state.kind).toBe('ready');
  issuer.expireAccess();
  expect(await echo(host)).toBe('{"a":1}');
  issuer.revokeAll();
  issuer.faults.isDenying = true;
  expect(await echo(host)).toMatch(/^Server "s" is down: signing in to .* failed: access_denied/);
});

test('nobody signs in to what is not https, or of this machine', async () => {
  const authorization = new Authorization({
    server: 's',
    url: new URL('http://server.example/mcp'),
    oauth: OAUTH_DEFAULTS,
    identity: { name: 'Test' },
    folder: undefined,
    authorize: () => expect.unreachable(),
  });
  expect(await authorization.renew({ status: 401, header: null, token: undefined })).toBe(false);
  expect(await authorization.signIn()).toBe(false);
  expect(authorization.problem?.reason).toBe(
    'server.example asks for authorization, which is sent to https alone',
  );
});

test('what is not a call says as well that the sign-in has ended', async () => {
  await using world = await signInWorld();
  {
    await using host = world.host({ authorize: browse });
    await startAll(host);
  }
  await using host = world.host();
  await startAll(host);
  world.issuer.revokeAll();
  const reading = host.library.readResource({ server: 's', uri: 'file:///a' });
  const { host: name } = new URL(world.server.url);
  await expect(reading).rejects.toMatchObject({
    code: 'SERVER_UNAVAILABLE',
    message: `Server "s" is down: the sign-in to ${name} has ended (invalid_grant).`,
    hint: 'Sign in again: patchbay login s',
  });
  expect(host.servers()[0]?.state).toMatchObject({ kind: 'down', hint: 'Sign in again: patchbay login s' });
});
