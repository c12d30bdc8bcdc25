import { expect, test } from 'vitest';
import { outcomeText } from '../src/tools.ts';
import { besideAGoodOne } from './support/beside-a-good-one.ts';
import type { HttpAnswer } from './support/http-mcp.ts';
import { startHttpMcp } from './support/http-mcp.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const STREAM_TYPE = { 'content-type': 'text/event-stream' };
const HTML = { status: 200, type: 'text/html', body: '<html>welcome</html>' };

const never = /gave no answer in 0\.7 s.*outcome is unknown/;
const lost = /^Server "bad" is down: the connection failed.*outcome is unknown/;

interface HttpFault {
  readonly fault: string;
  readonly answer: HttpAnswer;
  /** What the model reads. */
  readonly text: RegExp;
}

const FAULTS: readonly HttpFault[] = [
  { fault: '429', answer: { status: 429 }, text: /HTTP 429/ },
  { fault: '500', answer: { status: 500, body: 'oops' }, text: /HTTP 500/ },
  { fault: 'a page', answer: HTML, text: /content type/ },
  {
    fault: 'a redirect to another host',
    answer: {
      status: 302,
      misbehave: (response) => void response.writeHead(302, { location: 'http://example.invalid/' }).end(),
    },
    text: /HTTP 302|redirect/i,
  },
  {
    fault: 'a body that is cut off',
    answer: {
      status: 200,
      misbehave: (response) => {
        response.writeHead(200, { ...JSON_TYPE, 'content-length': '1000' }).write('{"jsonrpc"');
        setImmediate(() => response.destroy());
      },
    },
    text: lost,
  },
  {
    fault: 'a connection that is cut before any answer',
    answer: { status: 200, misbehave: (response) => void response.destroy() },
    text: lost,
  },
  {
    fault: 'a stream that ends without the answer',
    answer: {
      status: 200,
      misbehave: (response) => void response.writeHead(200, STREAM_TYPE).end(': nothing\n\n'),
    },
    text: never,
  },
  {
    fault: 'a stream that never ends and says nothing',
    answer: {
      status: 200,
      misbehave: (response) => {
        response.writeHead(200, STREAM_TYPE);
        const talking = setInterval(() => response.write(': still here\n\n'), 50);
        response.once('close', () => clearInterval(talking));
      },
    },
    text: never,
  },
  { fault: 'nothing, not even headers', answer: { status: 200, misbehave: () => undefined }, text: never },
];

test.concurrent.for(FAULTS)(
  'a call that is answered by $fault says so, and neither its server nor another is lost',
  async ({ answer, text }, context) => {
    let isBroken = false;
    await using http = await startHttpMcp({
      intercept: (method) => (isBroken && method === 'tools/call' ? answer : undefined),
    });
    const left = await besideAGoodOne(http.config, { timeoutMs: 700 }, async ({ call }) => {
      isBroken = true;
      const outcome = await call();
      expect(outcome.isError).toBe(true);
      expect(outcomeText(outcome)).toMatch(text);
      isBroken = false;
      await context.expect
        .poll(async () => (await call()).isError, { timeout: 15_000, interval: 100 })
        .toBe(false);
    });
    expect(left).toEqual([]);
  },
);

test.concurrent.for([
  ['401', { status: 401 }, 'authorization'],
  ['500', { status: 500, body: 'oops' }, 'HTTP 500'],
] as const)(
  'a server that answers everything by %s is down for that, and another is not',
  async ([, answer, reason]) => {
    await using http = await startHttpMcp({ intercept: () => answer });
    const left = await besideAGoodOne(http.config, {}, async ({ state }) => {
      expect(state()).toMatchObject({ kind: 'down', reason: expect.stringContaining(reason) });
    });
    expect(left).toEqual([]);
  },
);

test.concurrent('a server that forgets its session (404) is asked again in a new one', async () => {
  await using http = await startHttpMcp();
  const left = await besideAGoodOne(http.config, {}, async ({ call }) => {
    http.forget();
    expect(await call()).toMatchObject({ isError: false });
  });
  expect(left).toEqual([]);
});
