import { expect, test } from 'vitest';
import { removeServer } from '../src/config.ts';

const text = `{
  // Mine.
  "mcpServers": {
    "a": { "command": "x" }, // the first
    // Of the second.
    "b": {
      "command": "y"
    }, /* b */
    "c": { "command": "z" } // the last
  },
  "prices": {}
}
`;

test.for([
  ['a', '    "a": { "command": "x" }, // the first\n'],
  ['b', '    "b": {\n      "command": "y"\n    }, /* b */\n'],
] as const)('server %s is taken out with its lines, and no others', ([name, lines]) => {
  expect(removeServer(text, 'mcp.json', name)).toBe(text.replace(lines, ''));
});

test('the one that is the last then has no comma behind it', () => {
  const without = text
    .replace('    "c": { "command": "z" } // the last\n', '')
    .replace('}, /* b */', '} /* b */');
  expect(removeServer(text, 'mcp.json', 'c')).toBe(without);
});

test('servers in one line, the only one, and one that there is not', () => {
  expect(removeServer('{"mcpServers": {"a": {}, "b": {}}}', 'm', 'a')).toBe('{"mcpServers": {"b": {}}}');
  expect(removeServer('{"mcpServers": {"a": {}}}', 'm', 'a')).toBe('{"mcpServers": {}}');
  expect(removeServer(text, 'm', 'd')).toBeUndefined();
});
