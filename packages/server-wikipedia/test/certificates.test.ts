import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { fileURLToPath } from 'node:url';
import { startServerProcess } from '@patchbay/testing';
import { expect, test } from 'vitest';

/** A certificate authority made for these tests alone, and what it signed for `localhost`; one of them until 2020. */
const file = (name: string): string => fileURLToPath(new URL(`tls/${name}`, import.meta.url));

interface SecureService extends AsyncDisposable {
  readonly port: number;
}

/** Answers everything with 404, behind a certificate. */
async function startService(certificate: string): Promise<SecureService> {
  const keys = { cert: readFileSync(file(certificate)), key: readFileSync(file('server.key')) };
  const service = createServer(keys, (_, response) => void response.writeHead(404).end());
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  const address = service.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async [Symbol.asyncDispose]() {
      const closed = once(service, 'close');
      service.close();
      service.closeAllConnections();
      await closed;
    },
  };
}

test.for([
  [
    'server.pem',
    'localhost',
    'nobody',
    'cannot be trusted: its certificate is from no authority that is trusted here',
  ],
  ['server.pem', '127.0.0.1', 'ca.pem', 'cannot be trusted: its certificate is for another host'],
  ['expired.pem', 'localhost', 'ca.pem', 'cannot be trusted: its certificate has expired'],
] as const)(
  '%s of %s with trust in %s is refused for what it is',
  async ([certificate, host, trusted, said]) => {
    await using service = await startService(certificate);
    const baseUrl = `https://${host}:${service.port}/{lang}`;
    const env = {
      WIKIPEDIA_BASE_URL: baseUrl,
      NODE_EXTRA_CA_CERTS: trusted === 'nobody' ? '' : file(trusted),
    };
    await using server = await startServerProcess({ main: new URL('../src/main.ts', import.meta.url), env });
    const { isError, text } = await server.callTool('get_summary', { title: 'Sun' });
    expect(isError).toBe(true);
    expect(text).toContain(`NETWORK: ${host}:${service.port} (Wikipedia) ${said}`);
    expect(text).toContain('\nTrying again does not help. ');
  },
);

test('what the hint says makes an authority trusted', async () => {
  await using service = await startService('server.pem');
  const env = {
    WIKIPEDIA_BASE_URL: `https://localhost:${service.port}/{lang}`,
    NODE_EXTRA_CA_CERTS: file('ca.pem'),
  };
  await using server = await startServerProcess({ main: new URL('../src/main.ts', import.meta.url), env });
  const { text } = await server.callTool('get_summary', { title: 'Sun' });
  expect(text).toContain('UPSTREAM: Wikipedia answered with HTTP status 404');
});
