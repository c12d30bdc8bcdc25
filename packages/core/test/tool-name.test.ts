import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toDefinitions } from '../src/mcp/catalog.ts';
import { MAX_TOOL_NAME_LENGTH, mayOwnTool, qualifyToolName } from '../src/mcp/tool-name.ts';

const anyName = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 150 }),
  fc.stringMatching(/^[a-z_.-]{1,8}$/),
  fc.stringMatching(/^[a-c_]{1,4}(_[0-9a-f]{10})?$/),
);
const pair = fc.tuple(anyName, anyName);

test('an ordinary name is the server and the tool', () => {
  expect(qualifyToolName('math', 'multiply')).toBe('math__multiply');
});

test('a name stays from release to release, and whatever other tools there are', () => {
  expect(qualifyToolName('files', 'read.me')).toBe('files__read_me_8e62e91010');
  fc.assert(
    fc.property(fc.shuffledSubarray(['a', 'a__b', 'é', '9', 'b_', 'patchbay']), (servers) => {
      const tools = ['b__c', 'c', '加', '_b'].map((name) => ({
        name,
        inputSchema: { type: 'object' as const },
      }));
      const names = servers.flatMap((server) =>
        toDefinitions(server, tools.toReversed()).map(({ name }) => name),
      );
      const alone = servers.flatMap((server) =>
        tools.toReversed().flatMap((tool) => toDefinitions(server, [tool]).map(({ name }) => name)),
      );
      expect(names).toEqual(alone);
      expect(new Set(names).size).toBe(names.length);
    }),
  );
});

test('a server cannot take the name of one of our own tools', () => {
  expect(qualifyToolName('patchbay', 'find_tools')).toMatch(/^patchbay__find_tools_[0-9a-f]{10}$/);
});

test('every name is one that all providers take', () => {
  fc.assert(
    fc.property(pair, ([server, tool]) => {
      expect(qualifyToolName(server, tool)).toMatch(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/);
    }),
  );
  expect(qualifyToolName('s', 'x'.repeat(500))).toHaveLength(MAX_TOOL_NAME_LENGTH);
});

test('the server of a tool is among those that may own its name', () => {
  fc.assert(fc.property(pair, ([server, tool]) => mayOwnTool(server, qualifyToolName(server, tool))));
  expect([mayOwnTool('math', 'math__add'), mayOwnTool('notes', 'math__add')]).toEqual([true, false]);
});

test('two different tools never share a name', () => {
  fc.assert(
    fc.property(pair, pair, (one, other) => {
      fc.pre(one[0] !== other[0] || one[1] !== other[1]);
      expect(qualifyToolName(...one)).not.toBe(qualifyToolName(...other));
    }),
    { numRuns: 2000 },
  );
});

test.for([
  [
    ['a', 'b__c'],
    ['a__b', 'c'],
  ],
  [
    ['a_', 'b'],
    ['a', '_b'],
  ],
  [
    ['a', 'b.c'],
    ['a', 'b_c'],
  ],
  [
    ['a', `${'x'.repeat(80)}1`],
    ['a', `${'x'.repeat(80)}2`],
  ],
  [
    ['math', '加'],
    ['math', '减'],
  ],
] as const)('%j and %j are told apart', ([[server, tool], [otherServer, otherTool]]) => {
  expect(qualifyToolName(server, tool)).not.toBe(qualifyToolName(otherServer, otherTool));
});

test('a tool cannot take the name that another gets by its hash', () => {
  const hashed = qualifyToolName('s', 'a b');
  const impostor = hashed.slice('s__'.length);
  expect(qualifyToolName('s', impostor)).not.toBe(hashed);
});

test('a server that lists a tool twice offers its first one', () => {
  const tool = (description: string) => ({
    name: 'x',
    description,
    inputSchema: { type: 'object' as const },
  });
  expect(toDefinitions('s', [tool('one'), tool('two')])).toMatchObject([
    { name: 's__x', description: 'one' },
  ]);
});

test('a description reaches the model without escapes and hidden characters, and bounded', () => {
  const description = `\u001B[2Jdo\u202E this\u200B${'!'.repeat(10_000)}`;
  const [definition] = toDefinitions('s', [{ name: 'x', description, inputSchema: { type: 'object' } }]);
  expect(definition?.description).toMatch(/^do this!+$/);
  expect(definition?.description).toHaveLength(4096);
});
