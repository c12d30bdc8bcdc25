import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cassette, CassetteOptions, McpServerEntries, Respond } from '@patchbay/testing';
import {
  documentedError,
  faultyServer,
  openCassette,
  scriptedTurns,
  startFakeProvider,
} from '@patchbay/testing';
import { expect, test } from 'vitest';
import { parseConfig } from '../src/config/load-config.ts';
import { createHost } from '../src/host.ts';
import type { Elicit } from '../src/mcp/elicitation.ts';
import { chooseModel } from '../src/model/choose-model.ts';
import { userMessage } from '../src/model/language-model.ts';
import { run } from '../src/run/run.ts';
import { outcomeText } from '../src/tools.ts';
import { good } from './support/served.ts';
import { startHttpMcp } from './support/http-mcp.ts';

const launch = good();
const goodServer = launch.kind === 'stdio' ? { command: launch.command, args: [...launch.args] } : {};

async function inFolder(): Promise<{ path: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-cassette-'));
  return { path: join(folder, 'run.json'), [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

function open(path: string, options: CassetteOptions): Promise<Cassette> {
  return openCassette(path, { env: {}, ...options });
}

function hostOf(mcpServers: McpServerEntries, elicit?: Elicit) {
  const config = parseConfig(JSON.stringify({ mcpServers }), { source: 'x', folder: '.', env: {} });
  return createHost(config, { env: process.env, client: { name: 'test', version: '1' }, elicit });
}

/** Calls one tool of a server, and gives its text and what it told on the way. */
async function callOf(
  cassette: Cassette,
  [tool, args]: readonly [string, Record<string, unknown>],
  name = 'Ann',
) {
  await using host = hostOf(cassette.mcpServers, async () => ({ action: 'accept', content: { name } }));
  await Array.fromAsync(host.start());
  const outcome = await host.tools.callTool(tool, args);
  return { text: outcomeText(outcome), isError: outcome.isError };
}

async function askModel({ env }: Cassette, text: string, settings: object = {}) {
  const { model } = chooseModel({ OPENAI_API_KEY: 'k', OPENAI_MODEL: 'm', ...settings, ...env });
  const events = await Array.fromAsync(model.stream({ messages: [userMessage(text)], tools: [] }));
  return events.filter(({ type }) => type !== 'retry');
}

test.for(['legacy', '2026-07-28', 'auto'] as const)(
  'questions to the user replay, and another answer is noted (%s)',
  async (protocol) => {
    await using folder = await inFolder();
    const mcpServers = { good: { ...goodServer, protocol } };
    const both = async (cassette: Cassette, name?: string) => [
      await callOf(cassette, ['good__ask', {}], name),
      await callOf(cassette, ['good__steps', { count: 2, everyMs: 5 }]),
    ];
    let recorded;
    {
      await using cassette = await open(folder.path, { mode: 'record', mcpServers });
      recorded = await both(cassette);
      await cassette.finish();
    }
    expect(recorded).toMatchObject([{ text: 'Hello Ann' }, { text: 'all steps' }]);
    {
      await using cassette = await open(folder.path, { mode: 'replay', mcpServers });
      expect(await both(cassette)).toEqual(recorded);
      await cassette.finish();
    }
    await using cassette = await open(folder.path, { mode: 'replay', mcpServers });
    await both(cassette, 'Bob');
    expect(cassette.departures[0]).toMatch(/- "Ann"\n +\+ "Bob"/);
    await expect(cassette.finish()).rejects.toMatchObject({ code: 'CASSETTE_DEPARTED' });
  },
);

test('a server behind a URL replays with its session', async () => {
  await using folder = await inFolder();
  let mcpServers: McpServerEntries;
  {
    await using http = await startHttpMcp();
    const url = http.config.kind === 'http' ? http.config.url.href : '';
    mcpServers = { far: { url, headers: { Authorization: 'Bearer abcdefghijk' } } };
    await using cassette = await open(folder.path, { mode: 'record', mcpServers });
    expect(await callOf(cassette, ['far__echo', {}])).toMatchObject({ isError: false });
    await cassette.finish();
  }
  expect(await readFile(folder.path, 'utf8')).not.toContain('abcdefghijk');
  await using cassette = await open(folder.path, { mode: 'replay', mcpServers });
  expect(await callOf(cassette, ['far__echo', {}])).toMatchObject({ isError: false });
  await cassette.finish();
});

const recordedModel = async (
  path: string,
  respond: Respond,
  prompts: readonly string[],
): Promise<unknown[]> => {
  await using provider = await startFakeProvider(respond);
  await using cassette = await open(path, { mode: 'record', baseUrls: provider.openAiEnv });
  const answers = [];
  for (const prompt of prompts) answers.push(await askModel(cassette, prompt).catch(String));
  await cassette.finish();
  return answers;
};

const replayOf = (path: string, options: Partial<CassetteOptions> = {}): Promise<Cassette> =>
  open(path, { mode: 'replay', baseUrls: { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }, ...options });

test('a request that departs is refused with what differs, where, and which one it is', async () => {
  await using folder = await inFolder();
  await recordedModel(
    folder.path,
    ({ messages }) => ({ kind: 'answer', text: messages.at(-1)?.text ?? '' }),
    ['one', 'two'],
  );
  await using cassette = await replayOf(folder.path);
  await askModel(cassette, 'one');
  await expect(askModel(cassette, 'three')).rejects.toThrow(/The run departs from the cassette/);
  await expect(cassette.finish()).rejects.toThrow(
    `The run departs from ${folder.path}.\n` +
      'env/OPENAI_BASE_URL: POST /chat/completions is not request 2 of 2 as it was recorded (- recorded, + now):\n' +
      '  $.body.messages[0].content[0].text\n    - "two"\n    + "three"\n' +
      'env/OPENAI_BASE_URL: POST /chat/completions was recorded and never asked.',
  );
});

test('departures may be noted instead, and the nearest answer given', async () => {
  await using folder = await inFolder();
  const [recorded] = await recordedModel(folder.path, () => ({ kind: 'answer', text: 'as before' }), ['one']);
  await using cassette = await replayOf(folder.path, { onDeparture: 'note' });
  expect(await askModel(cassette, 'another')).toEqual(recorded);
  expect(cassette.departures).toHaveLength(1);
  await expect(askModel(cassette, 'one more')).rejects.toThrow('is one request more than was recorded');
});

test('what differs between runs by nature does not depart', async () => {
  await using folder = await inFolder();
  await recordedModel(folder.path, () => ({ kind: 'answer', text: 'ok' }), [
    'at 2026-11-20T10:00:00Z in 5d5c1d5c-0000-4000-8000-000000000001 of /tmp/a',
  ]);
  await using cassette = await replayOf(folder.path, {
    ignoring: [/\/tmp\/\w/g, /[\d-]+T[\d:]+Z/g, /5d\S+/g],
  });
  await askModel(cassette, 'at 2027-01-01T00:00:00Z in 5d5c1d5c-0000-4000-8000-00000000000f of /tmp/b');
  expect(cassette.departures).toEqual([]);
  await cassette.finish();
});

test('faults of a provider replay as faults', async () => {
  await using folder = await inFolder();
  const respond = scriptedTurns([
    (request) => documentedError(request, 'rate-limited', { retryAfterSeconds: 0 }),
    { kind: 'answer', text: 'at last' },
    { kind: 'cut', partial: { text: 'This breaks off in the middle of it.' } },
    (request) => ({ ...documentedError(request, 'bad-gateway'), status: 400 }),
    { kind: 'error-event' },
  ]);
  const prompts = ['one', 'two', 'three', 'four'];
  const recorded = await recordedModel(folder.path, respond, prompts);
  expect(recorded.map((each) => typeof each)).toEqual(['object', 'string', 'string', 'string']);
  await using cassette = await replayOf(folder.path);
  const replayed = [];
  for (const prompt of prompts) replayed.push(await askModel(cassette, prompt).catch(String));
  expect(replayed).toEqual(recorded);
  await cassette.finish();
});

test('a server that dies in a call dies in the replay too, and an answer that never came does not', async () => {
  await using folder = await inFolder();
  const mcpServers = {
    crash: { ...faultyServer('crash-on-call') },
    hang: { ...faultyServer('hang-on-call'), timeoutMs: 400 },
  };
  const both = async (cassette: Cassette) => [
    await callOf(cassette, ['crash__crash', {}]),
    await callOf(cassette, ['hang__hang', {}]),
  ];
  let recorded;
  {
    await using cassette = await open(folder.path, { mode: 'record', mcpServers });
    recorded = await both(cassette);
    await cassette.finish();
  }
  expect(recorded.map(({ isError }) => isError)).toEqual([true, true]);
  await using cassette = await open(folder.path, { mode: 'replay', mcpServers });
  const replayed = await both(cassette);
  expect(replayed.map(({ isError }) => isError)).toEqual([true, true]);
  expect(replayed[1]).toEqual(recorded[1]);
  await cassette.finish();
});

test('a live server shows what it makes of the decisions of before', async () => {
  await using folder = await inFolder();
  const mcpServers = { good: goodServer };
  const goOn = async (cassette: Cassette) => {
    await using host = hostOf(cassette.mcpServers);
    await Array.fromAsync(host.start());
    const { model } = chooseModel({ OPENAI_API_KEY: 'k', OPENAI_MODEL: 'm', ...cassette.env });
    return await Array.fromAsync(
      run({ model, tools: host.tools, messages: [userMessage('Which process?')] }),
    );
  };
  {
    await using provider = await startFakeProvider(
      scriptedTurns([
        { kind: 'answer', toolCalls: [{ name: 'good__pid', args: {} }] },
        { kind: 'answer', text: 'That one.' },
      ]),
    );
    await using cassette = await open(folder.path, {
      mode: 'record',
      mcpServers,
      baseUrls: provider.openAiEnv,
    });
    await goOn(cassette);
    await cassette.finish();
  }
  await using cassette = await replayOf(folder.path, { mcpServers, live: ['good'], onDeparture: 'note' });
  const events = await goOn(cassette);
  await writeFile('/tmp/cass.json', await readFile(folder.path, 'utf8'));
  expect(events.at(-1)).toMatchObject({ type: 'run-end', reason: 'answered' });
  // Another process, so another number: the one place where the run departs.
  expect(cassette.departures).toEqual([
    expect.stringMatching(
      /request 2 of 2 as it was recorded.*\n {2}\$\.body\.messages\[2\]\.content\n +- "\d+"\n +\+ "\d+"$/,
    ),
  ]);
});

test('a recording that was not finished leaves the cassette of before, and no other file', async () => {
  await using folder = await inFolder();
  await recordedModel(folder.path, () => ({ kind: 'answer', text: 'first' }), ['one']);
  const before = await readFile(folder.path, 'utf8');
  await using provider = await startFakeProvider(() => ({ kind: 'answer', text: 'second' }));
  {
    await using cassette = await open(folder.path, { mode: 'record', baseUrls: provider.openAiEnv });
    await askModel(cassette, 'one');
  }
  expect(await readFile(folder.path, 'utf8')).toBe(before);
  expect(await readdir(join(folder.path, '..'))).toEqual(['run.json']);
});

test.for([
  ['{"version": 1, "exchanges": [{"kind": "ht', /is no cassette: .* cut off\. Record it anew/],
  ['{"version": 2, "exchanges": []}', /its version is 2, not 1/],
  ['{"version": 1, "exchanges": [{"kind": "http"}]}', /has no kind, channel or request/],
] as const)('a file that holds %j is refused', async ([text, message]) => {
  await using folder = await inFolder();
  await writeFile(folder.path, text);
  await expect(replayOf(folder.path)).rejects.toMatchObject({
    code: 'CASSETTE_INVALID',
    message: expect.stringMatching(message),
  });
});

test('what cannot be on a cassette is said at once', async () => {
  await using folder = await inFolder();
  await expect(replayOf(folder.path)).rejects.toMatchObject({ code: 'CASSETTE_MISSING' });
  const mcpServers = { old: { url: 'http://127.0.0.1:1/sse', type: 'sse' } };
  await expect(open(folder.path, { mode: 'record', mcpServers })).rejects.toMatchObject({
    code: 'CASSETTE_UNSUPPORTED',
    message: expect.stringContaining('The server "old" cannot be on a cassette'),
  });
});
