import { expect, test } from 'vitest';
import { createHost } from '../src/host.ts';
import { PatchbayError } from '../src/errors.ts';
import { scriptedModel } from '../src/model/scripted.ts';
import type { DelegationOptions, Sessions } from '../src/run/delegation.ts';
import { delegatingTools } from '../src/run/delegation.ts';
import type { ToolOutcome } from '../src/tools.ts';
import { outcomeText, textOutcome } from '../src/tools.ts';
import { toolsOf } from './support/fake-tools.ts';
import { call, say } from './support/playing.ts';
import { DEFAULTS, faulty, good, hostOf, stdio } from './support/served.ts';

const papers = toolsOf({ search: ({ query }) => textOutcome(`1 paper on ${String(query)}`, false) });
const opened: string[] = [];
const sessions: Sessions = {
  servers: () => [{ server: 'arxiv' }, { server: 'broken' }],
  check: async (server) => ({ server, state: { kind: 'idle', since: 0 }, tools: [] }),
  async withSession(name, work) {
    opened.push(`open ${name}`);
    try {
      if (name === 'broken')
        throw new PatchbayError('SERVER_UNAVAILABLE', 'broken did not start: it crashed');
      return await work(papers);
    } finally {
      opened.push(`close ${name}`);
    }
  },
};

/** Searches for what it is asked, then says what it got. */
const researcher = scriptedModel(({ messages }) => {
  const last = messages.at(-1);
  if (last?.role === 'tool') return [say(`Found: ${last.results.map(outcomeText).join()}`)];
  return [say('Let me look.'), call('s__search', { query: 'routing' })];
});

function ask(args: Record<string, unknown>, options: Partial<DelegationOptions> = {}): Promise<ToolOutcome> {
  return delegatingTools({ sessions, model: researcher, ...options }).callTool('patchbay__ask_server', args);
}

test('a request is worked on with the tools of one server, in a session that lasts as long', async () => {
  expect(await ask({ server: 'arxiv', query: 'papers on routing' })).toEqual(
    textOutcome('Found: 1 paper on routing', false),
  );
  expect(opened.splice(0)).toEqual(['open arxiv', 'close arxiv']);
});

test('a wrong name is answered with the right ones', async () => {
  expect(await ask({ server: 'arXive', query: 'x' })).toEqual(
    textOutcome('There is no server "arXive". The servers are: arxiv, broken.', true),
  );
});

test('a server that fails is an answer, and the next request to another one works', async () => {
  expect(await ask({ server: 'broken', query: 'x' })).toEqual(
    textOutcome('broken did not start: it crashed', true),
  );
  expect(await ask({ server: 'arxiv', query: 'x' })).toMatchObject({ isError: false });
});

test('the limits and the approvals of the whole hold for what is delegated', async () => {
  const endless = scriptedModel(({ toolChoice }) =>
    toolChoice === 'none' ? [say('So far.')] : [call('s__search', { query: Math.random() })],
  );
  expect(
    outcomeText(await ask({ server: 'arxiv', query: 'x' }, { model: endless, limits: { maxTurns: 2 } })),
  ).toBe('So far.\n(Stopped at a limit: turns.)');
  const denied = await ask(
    { server: 'arxiv', query: 'x' },
    { approve: () => ({ allow: false, reason: 'no' }) },
  );
  expect(outcomeText(denied)).toBe('Found: Not approved: no');
});

test.for([{}, { server: 'arxiv' }, { server: 'arxiv', query: '' }, { server: 3, query: 'x' }])(
  'the arguments %j are refused with what is wrong',
  async (args) => {
    expect(await ask(args)).toMatchObject({ isError: true });
  },
);

test('a model that fails over a delegated request is an answer that says so', async () => {
  const failing = scriptedModel(() => {
    throw new PatchbayError('MODEL_AUTH', 'no key');
  });
  expect(await ask({ server: 'arxiv', query: 'x' }, { model: failing })).toEqual(textOutcome('no key', true));
});

test('a server that does not answer costs as long as its own limit says, and no other anything', async () => {
  const servers = [
    { ...DEFAULTS, name: 'slow', transport: faulty('hang-on-call'), timeoutMs: 300 },
    { ...DEFAULTS, name: 'sums', transport: good() },
  ];
  const client = { name: 'test', version: '1' };
  await using host = createHost({ source: 'test', servers }, { env: process.env, client });
  const caller = scriptedModel(({ messages, tools: offered }) => {
    const last = messages.at(-1);
    if (last?.role === 'tool') return [say(outcomeText({ content: last.results[0]?.content ?? [] }))];
    const isSlow = offered.some(({ server }) => server === 'slow');
    return [isSlow ? call('slow__hang') : call('sums__add', { a: 2, b: 3 })];
  });
  const tools = delegatingTools({ sessions: host, model: caller });
  const answerOf = async (server: string): Promise<string> =>
    outcomeText(await tools.callTool('patchbay__ask_server', { server, query: 'Do it.' }));
  expect(await Promise.all([answerOf('slow'), answerOf('sums')])).toEqual([
    expect.stringMatching(/gave no answer in 0\.3 s/),
    '5',
  ]);
  expect(await answerOf('sums')).toBe('5');
});

test('real servers are started for a request alone, and let go after', async () => {
  await using host = hostOf(
    { sums: good(), missing: stdio('no-such-command-anywhere', []), dies: faulty('crash-at-start') },
    { start: 'lazy' },
  );
  const adder = scriptedModel(({ messages }) => {
    const last = messages.at(-1);
    return last?.role === 'tool'
      ? [say(outcomeText({ content: last.results[0]?.content ?? [] }))]
      : [call('sums__add', { a: 2, b: 3 })];
  });
  const tools = delegatingTools({ sessions: host, model: adder });
  const query = 'Add 2 and 3.';
  expect(outcomeText(await tools.callTool('patchbay__ask_server', { server: 'sums', query }))).toBe('5');
  expect(host.servers()[0]?.state.kind).toBe('idle');
  const failed = await tools.callTool('patchbay__ask_server', { server: 'missing', query });
  expect(outcomeText(failed)).toMatch(/^missing did not start: "no-such-command-anywhere" is not on PATH/);
  expect(tools.listTools().map(({ tool }) => tool)).toEqual(['ask_server', 'server_health']);
  expect(outcomeText(await tools.callTool('patchbay__server_health', {}))).toMatch(
    /^- sums: idle since \S+, \d+ tools\n- missing: down \(.*\) since \S+, 0 tools\n/,
  );
});
