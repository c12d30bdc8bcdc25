import { expect, test } from 'vitest';
import type { ElicitationRequest } from '../src/mcp/elicitation.ts';
import { outcomeText } from '../src/tools.ts';
import { startHttpMcp } from './support/http-mcp.ts';
import { faulty, good, hostOf, startAll, stdio } from './support/served.ts';

const ERAS = ['legacy', 'auto'] as const;

test.for(ERAS)(
  'resources, templates and prompts of all servers are listed with their server (%s)',
  async (protocol) => {
    await using host = hostOf(
      { one: good(), two: good(), bare: faulty('noisy'), gone: stdio('no-such-command-anywhere', []) },
      { protocol },
    );
    await startAll(host);
    const { library } = host;
    const readme = { uri: 'file:///readme.md', name: 'readme', description: 'Read it.', mimeType: undefined };
    expect(await library.listResources()).toEqual({
      items: [
        { server: 'one', ...readme },
        { server: 'two', ...readme },
      ],
      failures: [],
    });
    expect((await library.listResourceTemplates()).items).toMatchObject([
      { server: 'one', uriTemplate: 'weather://{city}' },
      { server: 'two', uriTemplate: 'weather://{city}' },
    ]);
    expect((await library.listPrompts()).items).toMatchObject([
      { name: 'one__greet', server: 'one', prompt: 'greet', arguments: [{ name: 'who', isRequired: true }] },
      { name: 'two__greet', server: 'two', prompt: 'greet' },
    ]);
  },
);

test.for(ERAS)(
  'resources are read, prompts are filled in, and values are completed (%s)',
  async (protocol) => {
    await using host = hostOf({ good: good() }, { protocol });
    const { library } = host;
    // What names a server starts it.
    expect(await library.readResource({ server: 'good', uri: 'file:///readme.md' })).toEqual([
      { uri: 'file:///readme.md', mimeType: 'text/markdown', text: '# Hello' },
      { uri: 'file:///readme.md', mimeType: 'image/png', data: 'iVBORw0KGgo=' },
    ]);
    expect(await library.getPrompt({ server: 'good', prompt: 'greet' }, { who: 'Ann' })).toEqual([
      { role: 'user', content: { type: 'text', text: 'Greet Ann.' } },
    ]);
    expect(
      await library.complete(
        { server: 'good', uriTemplate: 'weather://{city}' },
        { argument: 'city', value: 'Ber' },
      ),
    ).toEqual(['Berlin', 'Bern']);
  },
);

test('what a server refuses is thrown in its own words, and what is down as down', async () => {
  await using host = hostOf({ good: good(), gone: stdio('no-such-command-anywhere', []) });
  await startAll(host);
  const { library } = host;
  await expect(library.readResource({ server: 'good', uri: 'file:///nope' })).rejects.toMatchObject({
    code: 'SERVER_REFUSED',
    message: expect.stringContaining('nope'),
  });
  await expect(library.getPrompt({ server: 'good', prompt: 'nope' }, {})).rejects.toMatchObject({
    code: 'SERVER_REFUSED',
  });
  await expect(library.readResource({ server: 'gone', uri: 'x:' })).rejects.toMatchObject({
    code: 'SERVER_UNAVAILABLE',
    message: 'Server "gone" is down: "no-such-command-anywhere" is not on PATH.',
  });
  await expect(library.readResource({ server: 'none', uri: 'x:' })).rejects.toMatchObject({
    code: 'SERVER_UNAVAILABLE',
  });
});

test.each(ERAS)(
  'a server that does not answer in its time is not waited for longer (%s)',
  async (protocol) => {
    await using host = hostOf({ good: good() }, { protocol, timeoutMs: 1000, startTimeoutMs: 20_000 });
    await startAll(host);
    const uri = 'weather://nowhere';
    await expect(host.library.readResource({ server: 'good', uri })).rejects.toMatchObject({
      code: 'SERVER_REFUSED',
      message: 'good: No answer in time',
    });
  },
);

test('a server that fails to list is named beside what the others have', async () => {
  await using http = await startHttpMcp({ capabilities: { resources: {} } });
  await using host = hostOf({ bad: http.config, good: good() });
  await startAll(host);
  expect(await host.library.listResources()).toMatchObject({
    items: [{ server: 'good' }],
    failures: [{ server: 'bad', reason: expect.stringContaining('Method not found') }],
  });
});

test.concurrent.for(ERAS)(
  'a server asks the user through the host, and the call goes on with the answer (%s)',
  async (protocol) => {
    const asked: ElicitationRequest[] = [];
    await using host = hostOf(
      { good: good() },
      {
        protocol,
        // A user who takes longer than a server may be silent.
        timeoutMs: 1000,
        elicit: async (request) => {
          asked.push(request);
          await new Promise((resolve) => setTimeout(resolve, 1800));
          return { action: 'accept', content: { name: 'Ann' } };
        },
      },
    );
    await startAll(host);
    expect(outcomeText(await host.tools.callTool('good__ask', {}))).toBe('Hello Ann');
    expect(asked).toEqual([
      {
        server: 'good',
        mode: 'form',
        message: 'Your name?',
        schema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      },
    ]);
  },
);

test.for(ERAS)('a user who declines is an answer too (%s)', async (protocol) => {
  await using host = hostOf({ good: good() }, { protocol, elicit: async () => ({ action: 'decline' }) });
  await startAll(host);
  expect(outcomeText(await host.tools.callTool('good__ask', {}))).toBe('No name');
});

test.for(ERAS)(
  'without anybody to ask a call that needs the user fails and says so (%s)',
  async (protocol) => {
    await using host = hostOf({ good: good() }, { protocol });
    await startAll(host);
    const outcome = await host.tools.callTool('good__ask', {});
    expect(outcome.isError).toBe(true);
    expect(outcomeText(outcome)).toMatch(/elicitation/i);
  },
);
