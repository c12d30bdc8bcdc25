import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Host } from '../src/host.ts';
import { Backoff, retryDelayMs } from '../src/mcp/backoff.ts';
import { mayRetry } from '../src/mcp/retry-policy.ts';
import { outcomeText } from '../src/tools.ts';
import { faulty, good, hostOf, startAll, untilState } from './support/served.ts';

async function pidOf(host: Host): Promise<number> {
  return Number(/^\d+/.exec(outcomeText(await host.tools.callTool('good__pid', {})))?.[0]);
}

function kindOf(host: Host): string | undefined {
  return host.servers()[0]?.state.kind;
}

test.concurrent('a server that dies comes back by itself, and the first answer after says what was lost', async () => {
  await using host = hostOf({ good: good() });
  await startAll(host);
  const before = await pidOf(host);
  const isDown = untilState(host, 'down');
  const isBack = untilState(host, 'ready');
  process.kill(before, 'SIGKILL');
  await isDown;
  await isBack;
  expect(outcomeText(await host.tools.callTool('good__add', { a: 1, b: 2 }))).toBe(
    '3\n(Server "good" was started anew before this call: the server ended (killed by SIGKILL). ' +
      'What it held in memory is gone.)',
  );
  // It is said once.
  expect(outcomeText(await host.tools.callTool('good__add', { a: 1, b: 2 }))).toBe('3');
  expect(await pidOf(host)).not.toBe(before);
});

test.concurrent('while it is down, its calls are answered at once with the reason and the time of the next try', async () => {
  await using host = hostOf({ good: good() });
  await startAll(host);
  const tools = host.tools.listTools();
  const pid = await pidOf(host);
  const isDown = untilState(host, 'down');
  process.kill(pid, 'SIGKILL');
  await isDown;
  const refused = await host.tools.callTool('good__add', { a: 1, b: 2 });
  expect(refused).toEqual({
    isError: true,
    content: [
      {
        type: 'text',
        text: 'Server "good" is down: the server ended (killed by SIGKILL). It can be tried again in 1 s.',
      },
    ],
    structured: {
      error: {
        code: 'SERVER_DOWN',
        server: 'good',
        reason: 'the server ended (killed by SIGKILL)',
        since: expect.stringMatching(/^\d{4}-.*Z$/),
        retryAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    },
  });
  expect(host.tools.listTools()).toEqual(tools);
});

test.concurrent.for([
  ['fragile-read', true, ['fragile-read', 'fragile-read'], 'done'],
  ['fragile-read', false, ['fragile-read'], 'outcome is unknown'],
  ['fragile-write', true, ['fragile-write'], 'outcome is unknown'],
] as const)(
  'a crash in the middle of %s, its server trusted: %j, leaves it run %j',
  async ([tool, trusted, runs, text]) => {
    const folder = await mkdtemp(join(tmpdir(), 'patchbay-core-'));
    try {
      const mark = join(folder, 'runs.txt');
      await using host = hostOf({ good: good({ MARK: mark }) }, { trusted });
      await startAll(host);
      const outcome = await host.tools.callTool(`good__${tool}`, {});
      expect(outcomeText(outcome)).toContain(text);
      expect(outcome.isError).toBe(text !== 'done');
      expect((await readFile(mark, 'utf8')).trim().split('\n')).toEqual(runs);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

test.concurrent('a server that hangs for good is given up after a call of it, and started anew', async () => {
  await using host = hostOf({ good: good() }, { timeoutMs: 700 });
  await startAll(host);
  const pid = await pidOf(host);
  process.kill(pid, 'SIGSTOP');
  expect(outcomeText(await host.tools.callTool('good__add', { a: 1, b: 2 }))).toContain(
    'gave no answer in 0.7 s',
  );
  expect(host.servers()[0]?.state).toMatchObject({
    kind: 'degraded',
    reason: 'add gave no answer in 0.7 s',
    protocol: '2026-07-28',
  });
  const isBack = untilState(host, 'ready');
  await untilState(host, 'down');
  expect(host.servers()[0]?.state).toMatchObject({
    kind: 'down',
    reason: 'add gave no answer in 0.7 s, nor any sign of life since',
  });
  await isBack;
  expect(await pidOf(host)).not.toBe(pid);
});

test('a call that was slow alone leaves its server in doubt no longer than until the next sign of life', async () => {
  await using host = hostOf({ good: good() }, { timeoutMs: 1000 });
  await startAll(host);
  await host.tools.callTool('good__wait', {});
  expect(kindOf(host)).toBe('degraded');
  await expect.poll(() => kindOf(host), { timeout: 10_000 }).toBe('ready');
});

test.concurrent('a server that never started stays down until it is told to start', async () => {
  await using host = hostOf({ s: faulty('crash-at-start') });
  await startAll(host);
  const [status] = host.servers();
  expect(status?.state.kind).toBe('down');
  expect(status?.state).not.toHaveProperty('retryAt');
});

test('an idle server is let go, keeps its tools, and starts anew at the next call', async () => {
  await using host = hostOf({ good: good() }, { idleMs: 200 });
  await startAll(host);
  const before = await pidOf(host);
  const tools = host.tools.listTools();
  await expect.poll(() => kindOf(host), { timeout: 10_000 }).toBe('idle');
  expect(host.tools.listTools()).toEqual(tools);
  const calls = await Promise.all(Array.from({ length: 20 }, () => pidOf(host)));
  expect(new Set(calls).size).toBe(1);
  expect(calls[0]).not.toBe(before);
});

test.concurrent('a call that is under way keeps its server from being idle', async () => {
  await using host = hostOf({ good: good() }, { idleMs: 100, timeoutMs: 1500 });
  await startAll(host);
  const outcome = await host.tools.callTool('good__wait', {});
  expect(outcomeText(outcome)).toContain('gave no answer in 1.5 s');
});

test.concurrent('withSession keeps a lazy server running for as long as the work, and lets go of it after', async () => {
  await using host = hostOf({ good: good(), other: good() }, { start: 'lazy' });
  const seen = await host.withSession('good', async (tools) => {
    expect(host.servers().map(({ state }) => state.kind)).toEqual(['ready', 'idle']);
    expect(tools.listTools().every(({ server }) => server === 'good')).toBe(true);
    return [
      outcomeText(await tools.callTool('good__pid', {})),
      outcomeText(await tools.callTool('good__pid', {})),
    ];
  });
  expect(new Set(seen).size).toBe(1);
  expect(kindOf(host)).toBe('idle');
});

test.concurrent('a lazy server is let go when the last of several withSession has ended', async () => {
  await using host = hostOf({ good: good() }, { start: 'lazy' });
  const [firstMayEnd, lastMayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const first = host.withSession('good', () => firstMayEnd.promise);
  const last = host.withSession('good', () => {
    firstMayEnd.resolve();
    return lastMayEnd.promise;
  });
  await first;
  expect(kindOf(host)).toBe('ready');
  lastMayEnd.resolve();
  await last;
  expect(kindOf(host)).toBe('idle');
});

test.concurrent('a lazy server whose withSession was given up while it started is let go', async () => {
  await using host = hostOf({ good: good() }, { start: 'lazy' });
  const waiting = new AbortController();
  const [isReady, isIdle] = [untilState(host, 'ready'), untilState(host, 'idle')];
  const held = host.withSession('good', () => expect.unreachable(), waiting.signal);
  waiting.abort(new Error('enough'));
  await expect(held).rejects.toThrow('enough');
  await isReady;
  await isIdle;
  expect(kindOf(host)).toBe('idle');
});

test.concurrent('withSession says why a server does not start', async () => {
  await using host = hostOf({ s: faulty('crash-at-start') });
  await expect(host.withSession('s', async () => 1)).rejects.toMatchObject({ code: 'SERVER_UNAVAILABLE' });
  await expect(host.withSession('t', async () => 1)).rejects.toThrow('There is no server named "t"');
});

test.for([
  ['unsent', {}, false, true],
  ['expired', {}, false, true],
  ['unanswered', { readOnlyHint: true }, true, true],
  ['unanswered', { idempotentHint: true }, true, true],
  ['unanswered', { readOnlyHint: true, idempotentHint: true }, false, false],
  ['unanswered', {}, true, false],
  ['late', { readOnlyHint: true }, true, false],
  ['answered', { readOnlyHint: true }, true, false],
] as const)(
  'a call that came as far as %s, with hints %j, trusted: %j, may be repeated: %j',
  ([kind, annotations, trusted, may]) => {
    expect(mayRetry(kind, { annotations, trusted })).toBe(may);
  },
);

test('tries come twice as late each time, up to a minute, and never all at the same moment', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 20].map((failures) => retryDelayMs(failures, 0))).toEqual([
    1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000,
  ]);
  expect(retryDelayMs(3, 1)).toBe(3000);
});

test('five failures in a row end the tries in the background, and a session that lasts forgives them', () => {
  const backoff = new Backoff();
  for (let failures = 1; failures < 5; failures += 1) {
    backoff.opened(0);
    backoff.failed(10);
    expect(backoff.mayTryInBackground).toBe(true);
  }
  backoff.failed(20);
  expect(backoff.mayTryInBackground).toBe(false);
  backoff.opened(100);
  expect(backoff.failed(60_100)).toBeLessThanOrEqual(61_100);
  expect(backoff.mayTryInBackground).toBe(true);
});
