import { expect, test } from 'vitest';
import type { HostEvent } from '../src/mcp/server-state.ts';
import type { ToolProgress, ToolSource } from '../src/tools.ts';
import { outcomeText } from '../src/tools.ts';
import { good, hostOf, startAll } from './support/served.ts';

test.concurrent.for(['legacy', 'auto'] as const)(
  'progress is heard and lets a call outlast its limit of silence (%s)',
  async (protocol) => {
    await using host = hostOf({ good: good() }, { protocol, timeoutMs: 1500 });
    await startAll(host);
    const heard: ToolProgress[] = [];
    const args = { count: 8, everyMs: 250 };
    const outcome = await host.tools.callTool('good__steps', args, undefined, (progress) =>
      heard.push(progress),
    );
    expect(outcomeText(outcome)).toBe('all steps');
    // The last one may come together with the answer, which then is all that counts.
    expect(heard.slice(0, 7)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((progress) => ({ progress, total: 8, message: `step ${progress}` })),
    );
  },
);

test.concurrent('progress does not let a call outlast its total limit', async () => {
  await using host = hostOf({ good: good() }, { timeoutMs: 5000, maxTotalMs: 1500 });
  await startAll(host);
  let heard = 0;
  const args = { count: 100, everyMs: 200 };
  const outcome = await host.tools.callTool('good__steps', args, undefined, () => (heard += 1));
  expect(heard).toBeGreaterThan(0);
  expect(outcomeText(outcome)).toMatch(/^good › steps gave no answer in 1\.5 s and was cancelled/);
});

test.for(['legacy', 'auto'] as const)(
  'a call that is aborted is cancelled in the server (%s)',
  async (protocol) => {
    await using host = hostOf({ good: good() }, { protocol });
    await startAll(host);
    const abort = new AbortController();
    const before = await waitingIn(host.tools);
    const call = host.tools.callTool('good__wait', {}, abort.signal);
    await expect.poll(() => waitingIn(host.tools)).toBe(before + 1);
    abort.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    await expect.poll(() => waitingIn(host.tools)).toBe(before);
  },
);

test.for(['legacy', 'auto'] as const)(
  'a server that is asked for its log has it heard from that level on (%s)',
  async (protocol) => {
    await using host = hostOf({ good: good() }, { protocol, logLevel: 'warning' });
    const logs: HostEvent[] = [];
    const events = host.events();
    const reading = (async () => {
      for await (const event of events) {
        if (event.type === 'server-log') logs.push(event);
        if (logs.length > 0) return;
      }
    })();
    await startAll(host);
    await host.tools.callTool('good__talk', {});
    await reading;
    expect(logs).toEqual([
      {
        type: 'server-log',
        server: 'good',
        level: 'warning',
        logger: 'store',
        text: 'disk full',
      },
    ]);
  },
);

test('every change of state is an event, and reading ends with its signal', async () => {
  await using host = hostOf({ good: good() });
  const abort = new AbortController();
  const kinds: string[] = [];
  const reading = (async () => {
    for await (const event of host.events(abort.signal)) {
      if (event.type === 'server-state') kinds.push(event.status.state.kind);
      if (event.type === 'server-state' && event.status.state.kind === 'down') abort.abort();
    }
  })();
  await startAll(host);
  const pid = Number(outcomeText(await host.tools.callTool('good__pid', {})));
  process.kill(pid, 'SIGKILL');
  await reading;
  expect(kinds).toEqual(['connecting', 'ready', 'down']);
});

async function waitingIn(tools: ToolSource): Promise<number> {
  return Number(outcomeText(await tools.callTool('good__waiting', {})));
}
