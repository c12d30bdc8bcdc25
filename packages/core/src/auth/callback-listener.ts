import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';

export interface CallbackListener extends AsyncDisposable {
  /** The address that the browser is sent back to. */
  readonly url: string;
  /** Resolves with what the browser brings back for `state`. What comes with another state is turned away. */
  answerTo(state: string): Promise<URLSearchParams>;
}

const PATH = '/callback';

/**
 * Waits on this machine alone for a browser that comes back from signing in. `port` 0 takes a free one.
 *
 * @throws the system's error when the port cannot be had.
 */
export async function listenForCallback(port: number, clientName: string): Promise<CallbackListener> {
  const { promise, resolve } = Promise.withResolvers<URLSearchParams>();
  let expected: string | undefined;

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method !== 'GET' || pathname !== PATH) return reply(response, 404, 'There is nothing here.');
    if (expected === undefined || searchParams.get('state') !== expected) {
      return reply(response, 400, 'This is not an answer to the sign-in that is under way.');
    }
    reply(response, 200, `${clientName} has the answer. You can close this page.`);
    resolve(searchParams);
  }

  const server = createServer(handle);
  await new Promise<void>((listening, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', listening);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${actual}${PATH}`,
    answerTo(state) {
      expected = state;
      return promise;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeIdleConnections();
      }),
  };
}

function reply(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      // The address has the code in it.
      'referrer-policy': 'no-referrer',
      connection: 'close',
    })
    .end(`${text}\n`);
}
