import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig, parseConfig, scriptServer } from '../src/config/load-config.ts';
import { PatchbayError } from '../src/errors.ts';

const place = { source: 'mcp.json', folder: '/project', env: {} };

function failure(text: string): PatchbayError {
  try {
    parseConfig(text, place);
  } catch (error) {
    if (error instanceof PatchbayError) return error;
  }
  throw new Error(`Accepted: ${text}`);
}

test.for(['utf8', 'utf16le'] as const)(
  'a file that Windows wrote is read, in %s with a mark at its beginning',
  async (encoding) => {
    const folder = await mkdtemp(join(tmpdir(), 'patchbay-config-'));
    const path = join(folder, 'mcp.json');
    await writeFile(
      path,
      Buffer.from('\uFEFF{"mcpServers": {"größe": {"url": "https://example.com/"}}}', encoding),
    );
    const { servers } = await loadConfig(path, {});
    expect(servers.map(({ name }) => name)).toEqual(['größe']);
    await rm(folder, { recursive: true });
  },
);

test('a server block copied from another host is read, with comments and trailing commas', () => {
  const config = parseConfig(
    `{
      // my servers
      "mcpServers": {
        "files": { "command": "npx", "args": ["-y", "files", "/data"], "env": { "A": "1" }, "autoApprove": ["x"], },
        "remote": { "type": "http", "url": "https://example.com/mcp", "headers": { "Authorization": "Bearer t" } },
        "old": { "type": "sse", "url": "https://example.com/sse" },
        "off": { "command": "x", "disabled": true },
      },
    }`,
    place,
  );
  const limits = {
    protocol: 'auto',
    start: 'eager',
    trusted: false,
    startTimeoutMs: 30_000,
    timeoutMs: 60_000,
    maxTotalMs: 600_000,
  };
  expect(config.servers).toEqual([
    {
      name: 'files',
      transport: {
        kind: 'stdio',
        command: 'npx',
        args: ['-y', 'files', '/data'],
        env: { A: '1' },
        cwd: '/project',
      },
      ...limits,
    },
    {
      name: 'remote',
      transport: {
        kind: 'http',
        url: new URL('https://example.com/mcp'),
        headers: { Authorization: 'Bearer t' },
      },
      ...limits,
    },
    {
      name: 'old',
      transport: { kind: 'sse', url: new URL('https://example.com/sse'), headers: {} },
      ...limits,
    },
  ]);
});

test('variables are filled in one pass, so that a value with a dollar sign stays as it is', () => {
  const env = { KEY: 'a${HOME}$1', EMPTY: '' };
  const text = `{"mcpServers": {"s": {"command": "run", "args": ["\${KEY}", "\${NOPE:-d}", "\${EMPTY:-e}", "\${NOPE:-}"]}}}`;
  const [server] = parseConfig(text, { ...place, env }).servers;
  expect(server?.transport).toMatchObject({ args: ['a${HOME}$1', 'd', 'e', ''] });
});

test('a doubled dollar sign keeps what looks like a variable', () => {
  const text = `{"mcpServers": {"s": {"command": "run", "args": ["$\${HOME}", "a$\${X:-y}$$"]}}}`;
  const [server] = parseConfig(text, { ...place, env: { HOME: '/' } }).servers;
  expect(server?.transport).toMatchObject({ args: ['${HOME}', 'a${X:-y}$$'] });
});

test('a variable that is not set spoils its own server alone, and is named', () => {
  const text = `{"mcpServers": {"bad": {"command": "run", "env": {"K": "\${MISSING}"}}, "good": {"command": "run"}}}`;
  const [bad, good] = parseConfig(text, place).servers;
  expect(bad?.transport).toEqual({
    kind: 'invalid',
    reason: '${MISSING} in mcp.json is not set',
    hint: 'Add MISSING to .env, or write ${MISSING:-default} in mcp.json.',
  });
  expect(good?.transport.kind).toBe('stdio');
});

test.for([
  [
    './tools/math.py',
    { command: process.platform === 'win32' ? 'python' : 'python3', args: ['./tools/math.py'] },
  ],
  ['server.js', { command: process.execPath, args: ['server.js'] }],
  ['server.ts', { command: process.execPath, args: ['server.ts'] }],
  ['my-server', { command: 'my-server', args: [] }],
] as const)('the short form %s is launched by its ending', ([path, launch]) => {
  const [server] = parseConfig(JSON.stringify({ mcpServers: { s: path } }), place).servers;
  expect(server?.transport).toMatchObject({ kind: 'stdio', cwd: '/project', ...launch });
  expect(scriptServer(path, '/project').transport).toEqual(server?.transport);
});

test('a syntax error is shown with its line, column and a caret', () => {
  const error = failure('{\n  "mcpServers": {\n    "a": { "command": "x" }\n    "b": {}\n  }\n}');
  expect(error.code).toBe('CONFIG_INVALID');
  expect(error.message).toBe('mcp.json:4:5: comma expected\n      "b": {}\n      ^');
});

test('a name given twice is refused with both places', () => {
  const error = failure('{"mcpServers": {\n"sql": {"command": "x"},\n"sql": {"command": "y"}\n}}');
  expect(error.message).toBe('mcp.json:3:1: "sql" is defined twice, first at mcp.json:2:1');
});

test.for([
  ['', /mcp\.json:1:1: value expected/],
  ['{}', /has no "mcpServers"/],
  ['{"mcpServers": []}', /mcpServers/],
  ['{"mcpServers": {"a": {"command": 3}}}', /^mcp\.json:1:23: mcpServers\.a\.command: .*expected string/],
  [
    '{"mcpServers": {"a": {"command": "x",\n "args": ["y", 3]}}}',
    /^mcp\.json:2:16: mcpServers\.a\.args\.1: /,
  ],
  ['{"mcpServers": {"a": 3}}', /^mcp\.json:1:17: mcpServers\.a: /],
  ['{"mcpServers": []}', /^mcp\.json:1:2: mcpServers: Invalid input: expected object, received array$/],
  ['{"mcpServers": {"": {}}}', /^mcp\.json:1:17: mcpServers\.: A name must not be empty$/],
] as const)('%s is refused with the place that is wrong', ([text, message]) => {
  expect(failure(text).message).toMatch(message);
});

test('a mistyped key gets a suggestion', () => {
  expect(failure('{"servers": {}}').hint).toBe('Did you mean "mcpServers" instead of "servers"?');
});

test('a server with neither command nor address stays visible, with the reason', () => {
  const [server] = parseConfig('{"mcpServers": {"a": {}}}', place).servers;
  expect(server?.transport).toMatchObject({ kind: 'invalid', reason: 'has neither "command" nor "url"' });
});

test('a server with both command and address is told instead of being one of them', () => {
  const text =
    '{"mcpServers": {"a": {"type": "http", "command": "x", "url": "https://a.example/"}, "b": {"command": "x"}}}';
  const { servers } = parseConfig(text, place);
  expect(servers.map(({ transport }) => transport)).toEqual([
    {
      kind: 'invalid',
      reason: 'has both "command" and "url"',
      hint: 'Take one of them out of "a" in mcp.json.',
    },
    { kind: 'stdio', command: 'x', args: [], env: {}, cwd: '/project' },
  ]);
});

test.for([
  ['comand', 'command'],
  ['trustde', 'trusted'],
  ['Args', 'args'],
  ['timeoutMS', 'timeoutMs'],
] as const)('the misspelt key %s is told instead of being without effect', ([key, meant]) => {
  const [server] = parseConfig(
    JSON.stringify({ mcpServers: { a: { command: 'x', [key]: 'y' } } }),
    place,
  ).servers;
  expect(server?.transport).toEqual({
    kind: 'invalid',
    reason: `has "${key}", which means nothing`,
    hint: `Did you mean "${meant}"? Correct "a" in mcp.json.`,
  });
});

test.for(['localhost:9/mcp', 'htp://x/mcp'])('%s is no address that a server can be reached at', (url) => {
  const [server] = parseConfig(JSON.stringify({ mcpServers: { a: { url } } }), place).servers;
  expect(server?.transport).toEqual({
    kind: 'invalid',
    reason: `its "url" ${url} is no address of the web`,
    hint: 'Write it as https://… or http://… in mcp.json.',
  });
});

test('an address that is none stays visible as it was written', () => {
  const text = '{"mcpServers": {"a": {"url": "example.com/${TOKEN}"}}}';
  const [server] = parseConfig(text, { ...place, env: { TOKEN: 'secret' } }).servers;
  expect(server?.transport).toEqual({
    kind: 'invalid',
    reason: 'its "url" example.com/${TOKEN} is no address of the web',
    hint: 'Write it as https://… or http://… in mcp.json.',
  });
});

test('roots are folders and files that servers may ask for, relative to the file', () => {
  const text = `{"roots": [".", "../data", "\${HOME}/notes.md"], "mcpServers": {}}`;
  const { roots } = parseConfig(text, { ...place, env: { HOME: '/home/ann' } });
  expect(roots?.map(({ href }) => href)).toEqual([
    'file:///project',
    'file:///data',
    'file:///home/ann/notes.md',
  ]);
  expect(parseConfig('{"roots": [], "mcpServers": {}}', place).roots).toEqual([]);
});

test.for([
  ['{"mcpServers": {}, "roots": "."}', /^mcp\.json:1:20: roots: /, /^Roots are/],
  [
    '{"mcpServers": {}, "roots": ["a", "file:///b"]}',
    /^mcp\.json:1:35: roots\.1: is an address/,
    /^Roots are/,
  ],
  ['{"mcpServers": {}, "roots": ["a",\n"${NOPE}"]}', /^mcp\.json:2:1: \$\{NOPE\} is not set$/, /\.env/],
] as const)('roots that cannot be read are refused with their place: %s', ([text, message, hint]) => {
  expect(failure(text)).toMatchObject({
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
});

test('paths are relative to the folder of the file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-config-'));
  try {
    const path = join(folder, 'mcp.json');
    await writeFile(path, '{"mcpServers": {"a": {"command": "x", "cwd": "sub"}}}');
    const { source, servers } = await loadConfig(path, {});
    expect(source).toBe('mcp.json');
    expect(servers[0]?.transport).toMatchObject({ cwd: join(folder, 'sub') });
    await expect(loadConfig(join(folder, 'nope.json'), {})).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
