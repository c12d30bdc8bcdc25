import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseConfig } from '../src/config/load-config.ts';
import { isOffered, unmatchedEntries } from '../src/config/tool-filter.ts';
import type { ToolFilter } from '../src/config/tool-filter.ts';
import { withToolSearch } from '../src/surface/tool-search.ts';
import { outcomeText } from '../src/tools.ts';
import { good, hostOf, startAll } from './support/served.ts';
import { SMALL } from './support/searchable-tools.ts';

const tools = ['read_file', 'write_file', 'read_dir', 'delete'];

test.for<[ToolFilter, string[]]>([
  [{}, tools],
  [{ allow: [] }, []],
  [{ allow: ['delete', 'nothing'] }, ['delete']],
  [{ allow: ['*'] }, tools],
  [{ allow: ['read_*'] }, ['read_file', 'read_dir']],
  [{ allow: ['*_file'], deny: ['write_*'] }, ['read_file']],
  [{ deny: ['*e*e*'] }, ['read_dir']],
  [{ deny: ['read'] }, tools],
  [{ deny: ['*'] }, []],
])('%j offers %j', ([filter, offered]) => {
  expect(tools.filter((tool) => isOffered(tool, filter))).toEqual(offered);
});

test('a star stands for any characters, and everything else for itself', () => {
  const anyText = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 8 });
  fc.assert(
    fc.property(anyText, anyText, (pattern, tool) => {
      const meant = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
      expect(isOffered(tool, { allow: [pattern] })).toBe(meant.test(tool));
    }),
    { numRuns: 2000 },
  );
});

test('entries that stand for no tool are told', () => {
  expect(unmatchedEntries({ allow: ['read_*', 'raed'], deny: ['delte', 'delete'] }, tools)).toEqual([
    'raed',
    'delte',
  ]);
});

test('a denied tool is neither listed nor called, whichever way, and the others keep their names', async () => {
  const cacheFolder = await mkdtemp(join(tmpdir(), 'patchbay-core-'));
  try {
    await using all = hostOf({ good: good() }, { cacheFolder });
    await startAll(all);
    const names = all.tools.listTools().map(({ name }) => name);
    await all[Symbol.asyncDispose]();

    await using host = hostOf(
      { good: good() },
      { cacheFolder, tools: { allow: ['a*', 'wiat'], deny: ['ask'] } },
    );
    await startAll(host);
    expect(host.tools.listTools().map(({ name }) => name)).toEqual(['good__add']);
    expect(names).toContain('good__add');
    expect(host.servers()).toMatchObject([{ state: { kind: 'ready' }, unmatchedTools: ['wiat'] }]);

    const denied = 'There is no tool named "good__environment".';
    expect(outcomeText(await host.tools.callTool('good__environment', {}))).toBe(denied);
    const searched = withToolSearch(host.tools, SMALL);
    const call = { name: 'good__environment', arguments: {} };
    expect(searched.resolveCall?.('patchbay__call_tool', call)).toMatchObject({ kind: 'unresolved' });
    expect(
      outcomeText(await searched.callTool('patchbay__find_tools', { query: 'environment' })),
    ).not.toContain('good__environment');
    await host.withSession('good', async (inSession) => {
      expect(inSession.listTools().map(({ name }) => name)).toEqual(['good__add']);
      expect(outcomeText(await inSession.callTool('good__environment', {}))).toBe(denied);
    });
  } finally {
    await rm(cacheFolder, { recursive: true });
  }
});

test.for([
  [
    { allow: ['a'], deny: ['b*'] },
    { allow: ['a'], deny: ['b*'] },
  ],
  [['*'], { allow: ['*'] }],
])('the configuration %j is read', ([given, read]) => {
  const text = JSON.stringify({ mcpServers: { s: { command: 'x', tools: given } } });
  expect(parseConfig(text, { source: 'mcp.json', folder: '/', env: {} }).servers[0]?.tools).toEqual(read);
});

test('a misspelt list is refused: it would allow every tool', () => {
  const text = JSON.stringify({ mcpServers: { s: { command: 'x', tools: { alow: ['a'] } } } });
  expect(() => parseConfig(text, { source: 'mcp.json', folder: '/', env: {} })).toThrow('mcpServers.s');
});
