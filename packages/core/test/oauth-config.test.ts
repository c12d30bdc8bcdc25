import { expect, test } from 'vitest';
import { parseConfig } from '../src/config/load-config.ts';

function parse(oauth: object, env: Readonly<Record<string, string>> = {}) {
  const text = JSON.stringify({ mcpServers: { s: { url: 'https://example.com/mcp', oauth } } });
  const [server] = parseConfig(text, { source: 'mcp.json', folder: '/project', env }).servers;
  return server?.transport;
}

test('how to sign in may hold variables, and has what it does not say', () => {
  expect(parse({ clientId: 'me', clientSecret: '${SECRET}', scope: 'read' }, { SECRET: 's3cret' })).toEqual({
    kind: 'http',
    url: new URL('https://example.com/mcp'),
    headers: {},
    oauth: {
      grant: 'authorization_code',
      clientId: 'me',
      clientSecret: 's3cret',
      privateKey: undefined,
      algorithm: 'ES256',
      issuer: undefined,
      scope: 'read',
      callbackPort: 0,
    },
  });
});

test('a secret that is not set spoils its own server alone', () => {
  expect(parse({ clientId: 'me', clientSecret: '${SECRET}' })).toMatchObject({
    kind: 'invalid',
    reason: expect.stringContaining('${SECRET}'),
  });
});

test.for<[object, string]>([
  [{ clientID: 'me' }, 'clientID'],
  [{ grant: 'password' }, 'grant'],
  [{ grant: 'client_credentials' }, '"client_credentials" needs a "clientId"'],
  [{ clientSecret: 'x' }, 'a secret or key needs a "clientId"'],
  [{ callbackPort: 70_000 }, 'callbackPort'],
])('%j is refused, by what is wrong with it', ([oauth, words]) => {
  expect(() => parse(oauth)).toThrow(words);
});
