import { once } from 'node:events';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test } from 'vitest';
import { HttpClient } from '../src/mcp/wire/http-client.ts';
import { NotSentError } from '../src/mcp/wire/wire-errors.ts';

interface Heard {
  readonly line: string;
  readonly headers: readonly string[];
}

/** Remembers what it is asked, whoever it is asked for, and answers nothing. */
async function startListener(): Promise<{ port: number; heard: Heard[] } & AsyncDisposable> {
  const heard: Heard[] = [];
  const server = createServer(({ method, url, rawHeaders }, response) => {
    heard.push({ line: `${method} ${url}`, headers: rawHeaders });
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function ask(
  url: string,
  headers: Readonly<Record<string, string>>,
  { env = {}, token }: { env?: Record<string, string>; token?: string } = {},
): Promise<void> {
  const client = new HttpClient({ url: new URL(url), headers, env });
  await client.start();
  const request = client.open({ method: 'GET', headers: ['accept', 'text/event-stream'], token }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await once(response.resume(), 'close');
  client.close();
}

test('a request has what the configuration says, but for what is the protocol’s to say', async () => {
  await using server = await startListener();
  const host = `127.0.0.1:${server.port}`;
  await ask(`http://${host}/mcp?key=1`, { 'X-Team': 'a', Accept: 'x', 'Mcp-Session-Id': 'x' });
  expect(server.heard).toEqual([
    {
      line: 'GET /mcp?key=1',
      headers: ['host', host, 'X-Team', 'a', 'accept', 'text/event-stream', 'Connection', 'keep-alive'],
    },
  ]);
});

test('a configuration may name another host, for a server behind a name', async () => {
  await using server = await startListener();
  await ask(`http://127.0.0.1:${server.port}/`, { Host: 'mcp.example' });
  expect(server.heard[0]?.headers.slice(0, 2)).toEqual(['Host', 'mcp.example']);
});

test('who asks is said once: by the token, the configuration, or the address', async () => {
  await using server = await startListener();
  const url = `http://me:secret@127.0.0.1:${server.port}/`;
  await ask(url, {});
  await ask(url, { Authorization: 'Bearer own' });
  await ask(url, {}, { token: 'given' });
  const said = server.heard.map(({ headers }) =>
    headers.filter((_, at) => headers[at - 1]?.toLowerCase() === 'authorization'),
  );
  expect(said).toEqual([[`Basic ${btoa('me:secret')}`], ['Bearer own'], ['Bearer given']]);
});

test('a proxy of the environment is used where Node itself would use it', async () => {
  await using proxy = await startListener();
  const env = { NODE_USE_ENV_PROXY: '1', http_proxy: `http://127.0.0.1:${proxy.port}` };
  await ask('http://mcp.example/mcp', { 'X-Team': 'a' }, { env });
  expect(proxy.heard.map(({ line }) => line)).toEqual(['GET http://mcp.example/mcp']);
  expect(proxy.heard[0]?.headers).toEqual(expect.arrayContaining(['mcp.example', 'X-Team', 'a']));
});

test('nothing is sent before its start, nor after its end', async () => {
  const client = new HttpClient({ url: new URL('http://127.0.0.1:9/'), headers: {}, env: {} });
  const open = (): unknown => client.open({ method: 'GET', headers: [] });
  expect(open).toThrow(NotSentError);
  await client.start();
  client.close();
  expect(open).toThrow(NotSentError);
});

test('what was sent again under its key can still be dropped once the first is over', async () => {
  const answers: ServerResponse[] = [];
  const server = createServer((_, response) => void answers.push(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new HttpClient({ url: new URL(`http://127.0.0.1:${port}/`), headers: {}, env: {} });
  await client.start();
  const send = (): ClientRequest => client.open({ method: 'GET', headers: [], key: 7 }).end();
  const first = send();
  await once(server, 'request');
  const again = send();
  await once(server, 'request');
  answers[0]?.end();
  const closed = once(first, 'close');
  const [response] = (await once(first, 'response')) as [IncomingMessage];
  response.resume();
  await closed;
  const broken = once(again, 'error');
  client.drop(7);
  expect(await broken).toEqual([expect.objectContaining({ code: 'ECONNRESET' })]);
  client.close();
  server.close();
});

test('a connection is used again, but not one that nobody has used for a while', async () => {
  const server = createServer((_, response) => void response.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = new URL(`http://127.0.0.1:${port}/`);
  const client = new HttpClient({ url, headers: {}, env: {} }, { idleMs: 100 });
  await client.start();
  const ports: (number | undefined)[] = [];
  server.on('request', ({ socket }) => ports.push(socket.remotePort));
  const answer = async (): Promise<Socket> => {
    const request = client.open({ method: 'GET', headers: [] }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const { socket } = response;
    await once(response.resume(), 'close');
    return socket;
  };
  await answer();
  const socket = await answer();
  await once(socket, 'close');
  await answer();
  expect([ports[0] === ports[1], ports[1] === ports[2]]).toEqual([true, false]);
  client.close();
  server.close();
});
