import { expect, test } from 'vitest';
import { mergeServers } from '../src/config/import/merge-servers.ts';

const server = (name: string) => ({ name, entry: { command: 'x', args: ['-y'] }, place: 'other.json:1:1' });

test('nothing of a configuration changes but what is added, behind the last server and what is said of it', () => {
  const head = `// mine
{
    "mcpServers": {
        // the first
        "a": { "command": "x", "args": ["-y"] }, // for now
`;
  const tail = `        // no more than these
    },
    "other": 1
}
`;
  expect(mergeServers(head + tail, 'mcp.json', [server('a'), server('b')])).toEqual({
    added: ['b'],
    present: ['a'],
    text: `${head}        "b": {
            "command": "x",
            "args": [
                "-y"
            ]
        },
${tail}`,
  });
});

test('a comma is set behind the last server, before the comment on it', () => {
  const text = '{\r\n\t"mcpServers": {\r\n\t\t"z": {} // last\r\n\t}\r\n}';
  expect(mergeServers(text, 'mcp.json', [server('b')]).text).toBe(
    '{\r\n\t"mcpServers": {\r\n\t\t"z": {}, // last\r\n' +
      '\t\t"b": {\r\n\t\t\t"command": "x",\r\n\t\t\t"args": [\r\n\t\t\t\t"-y"\r\n\t\t\t]\r\n\t\t}\r\n\t}\r\n}',
  );
});

test.for(['', '{}', '{"mcpServers": {}}', '\t{\n\t"mcpServers": {\n\t}\n}', '{"mcpServers": {"z": {}}}'])(
  '%j takes servers of any name',
  (text) => {
    const { entry } = server('');
    const merged = mergeServers(text, 'mcp.json', [
      server('a'),
      server('con"structor'),
      server('__proto__x'),
    ]);
    const { z, ...added } = JSON.parse(merged.text).mcpServers;
    expect(added).toEqual({ a: entry, 'con"structor': entry, __proto__x: entry });
    expect(z).toEqual(text.includes('z') ? {} : undefined);
  },
);

test('another server of the same name is told with both places', () => {
  const text = '{\n  "mcpServers": { "a": { "command": "y" } }\n}';
  expect(() => mergeServers(text, 'mcp.json', [server('a')])).toThrow(
    'other.json:1:1: "a" is defined twice, first at mcp.json:2:19',
  );
});
