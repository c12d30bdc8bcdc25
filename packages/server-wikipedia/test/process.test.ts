import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startWikipediaApi } from '@patchbay/testing';
import { expect, test } from 'vitest';
import { startWikipediaServer } from './wikipedia-server.ts';

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  return spawn(process.execPath, ['--conditions=@patchbay/source', main, ...args], { env });
}

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = start(args, env);
  child.stdin.end();
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = await ended;
  return { exitCode, stdout, stderr };
}

test('the help names every setting with its variable', async () => {
  const { exitCode, stdout } = await run(['--help']);
  expect(exitCode).toBe(0);
  for (const name of ['BASE_URL', 'CACHE_TTL_S', 'CONTACT', 'LANG', 'TIMEOUT_MS']) {
    expect(stdout).toContain(`env WIKIPEDIA_${name}`);
  }
});

test.for([
  [{ WIKIPEDIA_CONTACT: 'me at home' }, 'WIKIPEDIA_CONTACT: must be an e-mail address or a web address'],
  [{ WIKIPEDIA_CONTACT: 'me@x.org\r\nx-evil: 1' }, 'WIKIPEDIA_CONTACT: must be an e-mail address'],
  [{ WIKIPEDIA_LANG: 'English' }, 'WIKIPEDIA_LANG: must be a code'],
  [{ WIKIPEDIA_CACHE_TTL_S: '-1' }, 'WIKIPEDIA_CACHE_TTL_S: '],
  [{ WIKIPEDIA_TIMEOUT_MS: 'soon' }, 'WIKIPEDIA_TIMEOUT_MS: '],
  [{ WIKIPEDIA_BASE_URL: 'wikipedia.org' }, 'WIKIPEDIA_BASE_URL: must be an http or https address'],
  [{ WIKIPEDIA_BASE_URL: 'ftp://{lang}.x' }, 'WIKIPEDIA_BASE_URL: must be an http or https address'],
  [{ WIKIPEDIA_BASE_URL: 'https://' }, 'WIKIPEDIA_BASE_URL: must be an http or https address'],
] as const)('the environment %j ends the program with a sentence', async ([env, said]) => {
  const { exitCode, stdout, stderr } = await run([], { ...env });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(said);
});

test('the contact is told to Wikipedia, and the language of the settings is used', async () => {
  const env = { WIKIPEDIA_CONTACT: 'me@example.org', WIKIPEDIA_LANG: 'de' };
  await using it = await startWikipediaServer({ env });
  const { structured } = await it.call('get_summary', { title: 'Alan Turing' });
  expect(structured).toMatchObject({ lang: 'de' });
  expect(it.api.requests).toMatchObject([
    {
      path: '/de/w/api.php',
      userAgent: expect.stringMatching(/^patchbay-server-wikipedia\/\d+\.\d+\.\d+ \(me@example\.org\)$/u),
    },
  ]);
});

test('a client of 2025-11-25 is served, and an answer is asked for once', async () => {
  await using it = await startWikipediaServer({ era: 'legacy' });
  for (let count = 0; count < 3; count += 1) {
    expect(await it.call('get_article', { title: 'Sun' })).toMatchObject({ isError: false });
  }
  await it.call('get_sections', { title: 'The Sun' });
  expect(it.api.requests.map(({ query }) => query['titles'])).toEqual(['Sun', 'The Sun']);
});

test('--sse serves a client that knows only HTTP+SSE', async () => {
  await using api = await startWikipediaApi();
  const child = start(['--sse', '--port', '0'], { ...api.env });
  const [line] = await once(createInterface(child.stderr), 'line');
  const [, url = ''] = /(http:\S+\/sse)$/u.exec(String(line)) ?? [];
  const stream = await fetch(url, { headers: { accept: 'text/event-stream' } });
  const events = (async function* read() {
    let rest = '';
    for await (const chunk of stream.body ?? []) {
      const parts = (rest + new TextDecoder().decode(chunk)).split('\n\n');
      rest = parts.pop() ?? '';
      yield* parts.map((event) => event.split('data: ')[1] ?? '');
    }
  })();
  const next = async (): Promise<string> => (await events.next()).value ?? '';
  const endpoint = new URL(await next(), url);
  const send = async (message: object): Promise<void> => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(endpoint, { method: 'POST', headers, body })).status).toBe(202);
  };
  const clientInfo = { name: 'test', version: '1' };
  const hello = { protocolVersion: '2024-11-05', capabilities: {}, clientInfo };
  await send({ id: 1, method: 'initialize', params: hello });
  expect(JSON.parse(await next())).toMatchObject({ id: 1, result: { protocolVersion: '2024-11-05' } });
  await send({ method: 'notifications/initialized' });
  const call = { name: 'get_summary', arguments: { title: 'Sun' } };
  await send({ id: 2, method: 'tools/call', params: call });
  expect(JSON.parse(await next())).toMatchObject({ id: 2, result: { structuredContent: { title: 'Sun' } } });
  child.kill('SIGTERM');
  const [exitCode] = await once(child, 'close');
  expect(exitCode).toBe(0);
});
