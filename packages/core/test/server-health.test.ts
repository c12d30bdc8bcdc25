import { expect, test } from 'vitest';
import { withServerHealth } from '../src/surface/server-health.ts';
import { outcomeText } from '../src/tools.ts';
import { toolsOf } from './support/fake-tools.ts';
import { startHttpMcp } from './support/http-mcp.ts';
import { faulty, good, hostOf, startAll, untilState } from './support/served.ts';

const NAME = 'patchbay__server_health';
const since = expect.stringMatching(/^\d{4}-.*Z$/);
const answerMs = expect.any(Number);

test('each server is told with its state, and one that runs with the time that a sign of life took', async () => {
  await using remote = await startHttpMcp();
  await using host = hostOf({ new: good(), old: remote.config, dead: faulty('crash-at-start') });
  await startAll(host);
  const tools = withServerHealth(host.tools, host);
  const outcome = await tools.callTool(NAME, {});
  expect(outcome.structured).toEqual({
    servers: [
      {
        server: 'new',
        state: 'ready',
        since,
        tools: expect.any(Number),
        protocol: '2026-07-28',
        identity: 'good-server 1.2.3',
        answerMs,
      },
      {
        server: 'old',
        state: 'ready',
        since,
        tools: 1,
        protocol: '2025-11-25',
        identity: 'http-server 1',
        answerMs,
      },
      { server: 'dead', state: 'down', since, tools: 0, reason: 'Error: DATABASE_URL is not set' },
    ],
  });
  expect(remote.seen.at(-1)).toBe('ping');
  expect(outcomeText(outcome).split('\n')).toEqual([
    expect.stringMatching(
      /^- new: ready since \S+Z, \d+ tools, good-server 1\.2\.3 over 2026-07-28, answers in \d+ ms$/,
    ),
    expect.stringMatching(
      /^- old: ready since \S+Z, 1 tool, http-server 1 over 2025-11-25, answers in \d+ ms$/,
    ),
    expect.stringMatching(/^- dead: down \(Error: DATABASE_URL is not set\) since \S+Z, 0 tools$/),
  ]);
});

test('a server that gives no sign of life is in doubt, given up, and told with its next try', async () => {
  await using host = hostOf({ good: good() }, { timeoutMs: 300 });
  await startAll(host);
  const pid = Number(outcomeText(await host.tools.callTool('good__pid', {})));
  const isDown = untilState(host, 'down');
  process.kill(pid, 'SIGSTOP');
  const { structured } = await withServerHealth(host.tools, host).callTool(NAME, { server: 'good' });
  expect(structured).toMatchObject({ servers: [{ state: 'degraded', reason: 'it gave no sign of life' }] });
  await isDown;
  expect((await withServerHealth(host.tools, host).callTool(NAME, {})).structured).toMatchObject({
    servers: [{ state: 'down', nextTry: since }],
  });
});

test('nothing is started to be asked', async () => {
  await using host = hostOf({ good: good() }, { start: 'lazy' });
  expect(await host.check('good')).toEqual({
    server: 'good',
    state: { kind: 'idle', since: expect.any(Number) },
    tools: [],
    unmatchedTools: [],
  });
  await expect(host.check('nope')).rejects.toThrow('There is no server named "nope"');
});

test('a wrong name is answered with the right ones', async () => {
  await using host = hostOf({ good: good(), other: good() });
  const outcome = await withServerHealth(host.tools, host).callTool(NAME, { server: 'god' });
  expect(outcome).toMatchObject({ isError: true });
  expect(outcomeText(outcome)).toBe('There is no server "god". The servers are: good, other.');
});

test('it stands beside the other tools, which are called as before', async () => {
  await using host = hostOf({});
  const tools = withServerHealth(toolsOf({ echo: () => ({ content: [], isError: false }) }), host);
  expect(tools.listTools().map(({ name }) => name)).toEqual([NAME, 's__echo']);
  expect(await tools.callTool('s__echo', {})).toEqual({ content: [], isError: false });
  expect(outcomeText(await tools.callTool(NAME, {}))).toBe('There are no servers.');
  expect(await tools.callTool(NAME, { server: 3 })).toMatchObject({ isError: true });
});
