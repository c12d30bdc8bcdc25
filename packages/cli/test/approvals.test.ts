import type { HostConfig, ToolDefinition } from '@patchbay/core';
import { parseConfig } from '@patchbay/core/config';
import { expect, test } from 'vitest';
import { Approvals } from '../src/approvals.ts';
import { renderApproval } from '../src/render/approval.ts';
import { DRAWN } from '../src/render/signs.ts';
import { createStyle } from '../src/render/style.ts';
import { createProject, math } from './support/cli.ts';

const config: HostConfig = parseConfig(
  '{"mcpServers": {"mine": {"command": "x", "trusted": true}, "other": {"command": "x"}}}',
  { source: 'mcp.json', folder: '/', env: {} },
);

function tool(server: string, name: string, readOnlyHint: boolean): ToolDefinition {
  const annotations = { readOnlyHint };
  return { name: `${server}__${name}`, server, tool: name, inputSchema: { type: 'object' }, annotations };
}

const read = tool('mine', 'read', true);
const write = tool('mine', 'write', false);
const foreignRead = tool('other', 'read', true);
const foreignWrite = tool('other', 'write', false);

async function decide(approvals: Approvals, definition: ToolDefinition): Promise<true | string> {
  const call = { id: '1', name: definition.name, argumentsJson: '{}' };
  const decision = await approvals.policy(call, definition);
  return decision.allow || decision.reason;
}

test('where nobody can be asked, only what a trusted server reads may run', async () => {
  const approvals = new Approvals({ allow: [], isAllAllowed: false }, config);
  expect(await decide(approvals, read)).toBe(true);
  for (const definition of [write, foreignRead, foreignWrite]) {
    expect(await decide(approvals, definition)).toMatch(
      /no terminal to ask on; --allow server\/tool or --yes/,
    );
  }
});

test("Patchbay's own tools run unasked, but no server can take their name for it", async () => {
  const own = tool('patchbay', 'ask_server', false);
  expect(await decide(new Approvals({ allow: [], isAllAllowed: false }, config), own)).toBe(true);
  const taken = parseConfig('{"mcpServers": {"patchbay": {"command": "x"}}}', {
    source: 'm',
    folder: '/',
    env: {},
  });
  expect(await decide(new Approvals({ allow: [], isAllAllowed: false }, taken), own)).not.toBe(true);
});

test('what the command line allows runs unasked: a tool, a server, or all', async () => {
  const some = new Approvals({ allow: ['mine/write', 'other'], isAllAllowed: false }, config);
  const all = new Approvals({ allow: [], isAllAllowed: true }, config);
  for (const definition of [write, foreignRead, foreignWrite]) {
    expect(await decide(some, definition)).toBe(true);
    expect(await decide(all, definition)).toBe(true);
  }
  const one = new Approvals({ allow: ['other/read'], isAllAllowed: false }, config);
  expect(await decide(one, foreignWrite)).not.toBe(true);
});

test.for([
  ['y', true, 2],
  ['YES', true, 2],
  ['a', true, 1],
  ['s', true, 1],
  ['', 'the user said no', 2],
  ['n', 'the user said no', 2],
  ['n not that table', 'the user said no: not that table', 2],
  ['use the other one', 'the user said no: use the other one', 2],
] as const)(
  'the answer "%s" gives %s, and is asked for %d times of two',
  async ([answer, decision, times]) => {
    let asked = 0;
    const approvals = new Approvals({ allow: [], isAllAllowed: false }, config);
    approvals.askThrough(() => {
      asked += 1;
      return Promise.resolve(answer);
    });
    expect([await decide(approvals, foreignWrite), await decide(approvals, foreignWrite)]).toEqual([
      decision,
      decision,
    ]);
    expect(asked).toBe(times);
  },
);

test('"always this tool" is this tool, and "server always" all of its server', async () => {
  const answers = ['a', 'n', 's'];
  const approvals = new Approvals({ allow: [], isAllAllowed: false }, config);
  approvals.askThrough(() => Promise.resolve(answers.shift() ?? 'n'));
  expect(await decide(approvals, foreignWrite)).toBe(true);
  expect(await decide(approvals, foreignRead)).toBe('the user said no');
  expect(await decide(approvals, foreignRead)).toBe(true);
  expect(await decide(approvals, write)).toBe('the user said no');
});

test('the question shows the arguments, without what could fake another one', () => {
  const style = createStyle({ isColored: false, signs: DRAWN, columns: 100 });
  const text = renderApproval(tool('db', 'drop\u001B[2J', false), '{"table": "users\u202E"}', style);
  expect(text).toContain('db › drop wants to run\n   table = "users"\n');
});

test('a request without a terminal says why a tool did not run, and what lets it', async () => {
  await using project = await createProject({ math: { ...math, trusted: false } });
  const denied = await project.patchbay(['-p', 'Multiply 17 by 23.']);
  expect(denied.stdout).toMatch(/Not approved: there is no terminal to ask on/);
  for (const flags of [['--yes'], ['--allow', 'math'], ['--allow', 'math/multiply']]) {
    const { stdout } = await project.patchbay(['-p', 'Multiply 17 by 23.', ...flags]);
    expect(stdout).toBe('17 × 23 = 391.\n');
  }
});
