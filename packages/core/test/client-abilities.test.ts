import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { HostOptions } from '../src/host.ts';
import { createHost } from '../src/host.ts';
import type { Elicit, ElicitationRequest } from '../src/mcp/elicitation.ts';
import type { Sample, SamplingRequest } from '../src/mcp/sampling.ts';
import { outcomeText } from '../src/tools.ts';
import { asking, DEFAULTS, hostOf, startAll } from './support/served.ts';

const ERAS = ['legacy', '2026-07-28'] as const;
const hello = { role: 'user', content: { type: 'text', text: 'Hello \u001B[31mthere' } };

test.for(ERAS)('a server gets a text that the host has written for it (%s)', async (protocol) => {
  const asked: SamplingRequest[] = [];
  const sample: Sample = async (request) => {
    asked.push(request);
    // A model that takes longer than a server may be silent.
    await new Promise((resolve) => setTimeout(resolve, 1800));
    return { action: 'answer', model: 'test/model', text: 'Hi' };
  };
  await using host = hostOf({ s: asking() }, { protocol, sample, timeoutMs: 1000 });
  await startAll(host);
  const args = {
    messages: [hello],
    systemPrompt: 'Be kind.',
    stopSequences: ['END'],
    modelPreferences: { hints: [{ name: 'claude' }] },
  };
  const outcome = await host.tools.callTool('s__sample', args);
  expect(JSON.parse(outcomeText(outcome))).toEqual({
    model: 'test/model',
    role: 'assistant',
    stopReason: 'endTurn',
    content: { type: 'text', text: 'Hi' },
  });
  expect(asked).toEqual([
    {
      server: 's',
      systemPrompt: 'Be kind.',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello there' }] }],
      maxTokens: 100,
      temperature: undefined,
      stopSequences: ['END'],
      modelHints: ['claude'],
      tools: [],
      toolChoice: 'auto',
    },
  ]);
});

test.for(ERAS)('a request may bring tools, and gets the calls of them (%s)', async (protocol) => {
  const asked: SamplingRequest[] = [];
  const sample: Sample = async (request) => {
    asked.push(request);
    const toolCalls = [{ id: 'c2', name: 'look.up', args: { word: 'b' } }];
    return { action: 'answer', model: 'test/model', text: '', toolCalls };
  };
  await using host = hostOf({ s: asking() }, { protocol, sample });
  await startAll(host);
  const result = { type: 'tool_result', toolUseId: 'c1', content: [{ type: 'text', text: 'A' }] };
  const args = {
    messages: [
      hello,
      { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'look.up', input: { word: 'a' } }] },
      { role: 'user', content: [result] },
    ],
    tools: [{ name: 'look.up', inputSchema: { type: 'object' } }],
    toolChoice: { mode: 'required' },
  };
  const outcome = await host.tools.callTool('s__sample', args);
  expect(JSON.parse(outcomeText(outcome))).toEqual({
    model: 'test/model',
    role: 'assistant',
    stopReason: 'toolUse',
    content: [{ type: 'tool_use', id: 'c2', name: 'look.up', input: { word: 'b' } }],
  });
  expect(asked[0]).toMatchObject({
    messages: [
      { role: 'user' },
      { role: 'assistant', content: [{ type: 'tool-call', id: 'c1', name: 'look.up', args: { word: 'a' } }] },
      {
        role: 'user',
        content: [
          { type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: 'A' }], isError: false },
        ],
      },
    ],
    tools: [{ name: 'look.up', inputSchema: { type: 'object' } }],
    toolChoice: 'required',
  });
});

test.for(ERAS)(
  'a refusal reaches the server as one, and the call says why it failed (%s)',
  async (protocol) => {
    const sample: Sample = async () => ({ action: 'refuse', reason: 'The user does not want that' });
    await using host = hostOf({ s: asking() }, { protocol, sample });
    await startAll(host);
    const outcome = await host.tools.callTool('s__sample', { messages: [hello] });
    expect(outcome).toMatchObject({ isError: true });
    expect(outcomeText(outcome)).toContain('The user does not want that');
  },
);

test.for(ERAS)('a request of too much text is refused before anybody is asked (%s)', async (protocol) => {
  const sample: Sample = async () => ({ action: 'answer', model: 'm', text: 'never' });
  await using host = hostOf({ s: asking() }, { protocol, sample });
  await startAll(host);
  const text = 'x'.repeat(100_001);
  const messages = [1, 2].map(() => ({ role: 'user', content: { type: 'text', text } }));
  const outcome = await host.tools.callTool('s__sample', { messages });
  expect(outcome).toMatchObject({ isError: true });
  expect(outcomeText(outcome)).toContain('more than 200000 characters');
});

test.for(ERAS)('without handlers nothing is declared, and what needs them fails (%s)', async (protocol) => {
  await using host = hostOf({ s: asking() }, { protocol });
  await startAll(host);
  const outcomes = await Promise.all([
    host.tools.callTool('s__sample', { messages: [hello] }),
    host.tools.callTool('s__roots', {}),
    host.tools.callTool('s__visit', { url: 'https://example.com/' }),
  ]);
  expect(outcomes.map(({ isError }) => isError)).toEqual([true, true, true]);
  expect(outcomes.map(outcomeText)).toEqual([
    expect.stringMatching(/sampling/i),
    expect.stringMatching(/roots/i),
    expect.stringMatching(/elicitation/i),
  ]);
});

test.for(ERAS)('a server hears the roots of the moment (%s)', async (protocol) => {
  const folder = pathToFileURL('/tmp/my project');
  await using host = hostOf({ s: asking() }, { protocol, roots: [folder] });
  await startAll(host);
  const roots = async (): Promise<unknown> =>
    JSON.parse(outcomeText(await host.tools.callTool('s__roots', {})));
  expect(await roots()).toEqual({ roots: [{ uri: 'file:///tmp/my%20project', name: 'my project' }] });
  await host.changeRoots([]);
  expect(await roots()).toEqual({ roots: [] });
  // The new era has no such message: its servers ask each time.
  const changes = await host.tools.callTool('s__root-changes', {});
  expect(outcomeText(changes)).toBe(protocol === 'legacy' ? '1' : '0');
});

test('a server hears the roots of the configuration, unless the host was made with others', async () => {
  const servers = [{ ...DEFAULTS, name: 's', transport: asking() }];
  const config = { source: 'test', servers, roots: [pathToFileURL('/srv/configured')] };
  const client = { name: 'test', version: '1' };
  const heard = async (options: Partial<HostOptions>): Promise<unknown> => {
    await using host = createHost(config, { env: process.env, client, ...options });
    await startAll(host);
    return JSON.parse(outcomeText(await host.tools.callTool('s__roots', {})));
  };
  expect(await Promise.all([heard({}), heard({ roots: [pathToFileURL('/srv/given')] })])).toEqual([
    { roots: [{ uri: 'file:///srv/configured', name: 'configured' }] },
    { roots: [{ uri: 'file:///srv/given', name: 'given' }] },
  ]);
});

test('roots have to be files, and cannot come where there were none', async () => {
  await using host = hostOf({});
  await expect(host.changeRoots([])).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  expect(() => hostOf({}, { roots: [new URL('https://example.com/')] })).toThrow(
    'https://example.com/ cannot be a root',
  );
});

test.for(ERAS)('a user is sent to an address (%s)', async (protocol) => {
  const asked: ElicitationRequest[] = [];
  const elicit: Elicit = async (request) => {
    asked.push(request);
    return { action: 'accept' };
  };
  await using host = hostOf({ s: asking() }, { protocol, elicit });
  await startAll(host);
  const outcome = await host.tools.callTool('s__visit', { url: 'https://example.com/pay' });
  expect(JSON.parse(outcomeText(outcome))).toMatchObject({ action: 'accept' });
  expect(asked).toEqual([{ server: 's', mode: 'url', message: 'Pay here.', url: 'https://example.com/pay' }]);
});

test.for(ERAS)('a user is sent nowhere but into the web (%s)', async (protocol) => {
  await using host = hostOf({ s: asking() }, { protocol, elicit: () => expect.unreachable() });
  await startAll(host);
  const outcome = await host.tools.callTool('s__visit', { url: 'file:///etc/passwd' });
  expect(outcome.isError).toBe(true);
  expect(outcomeText(outcome)).toContain('The address is none of the web');
});

test.for(ERAS)('fields that the user leaves out have the defaults of the form (%s)', async (protocol) => {
  await using host = hostOf(
    { s: asking() },
    { protocol, elicit: async () => ({ action: 'accept', content: { count: 3 } }) },
  );
  await startAll(host);
  const outcome = await host.tools.callTool('s__order', {});
  expect(JSON.parse(outcomeText(outcome))).toEqual({ size: 'large', count: 3, isGift: false });
});
