import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Environment } from '../src/config/expand-variables.ts';
import { identifyHostFile } from '../src/config/import/host-files.ts';
import type { HostFile, HostName } from '../src/config/import/host-files.ts';
import type { ImportedServer } from '../src/config/import/import-config.ts';
import { importConfig } from '../src/config/import/import-config.ts';

interface Disk extends AsyncDisposable {
  readonly folder: string;
  /** Writes a file of a host, of its usual name, and reads the servers in it. */
  read(host: HostName, text: string, env?: Environment): Promise<readonly ImportedServer[]>;
  write(path: string, text: string): Promise<string>;
}

const NAMES: Readonly<Record<HostName, string>> = {
  'claude-code': '.mcp.json',
  'claude-desktop': 'claude_desktop_config.json',
  codex: 'config.toml',
  cursor: '.cursor/mcp.json',
  vscode: '.vscode/mcp.json',
  windsurf: 'mcp_config.json',
};

async function createDisk(): Promise<Disk> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-core-'));
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  };
  return {
    folder,
    write,
    async read(host, text, env = { HOME: '/home/me' }) {
      const file = await identifyHostFile(await write(NAMES[host], text));
      expect(file.host).toBe(host);
      return importConfig(file, { env, platform: 'linux', folder });
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

const entries = (servers: readonly ImportedServer[]): object =>
  Object.fromEntries(servers.map(({ name, entry }) => [name, entry]));

test('servers of Claude Desktop are what they are, dollar signs too', async () => {
  await using disk = await createDisk();
  const text = `{
  "globalShortcut": "",
  "mcpServers": {
    "shell": { "command": "sh", "args": ["-c", "cd \${HOME} && run"], "env": { "A": "1" } }
  }
}`;
  const [server] = await disk.read('claude-desktop', text);
  expect(server).toMatchObject({
    name: 'shell',
    host: 'claude-desktop',
    place: `${disk.folder}/claude_desktop_config.json:4:5`,
    entry: { command: 'sh', args: ['-c', 'cd $${HOME} && run'], env: { A: '1' } },
    config: { transport: { kind: 'stdio', args: ['-c', 'cd ${HOME} && run'], cwd: disk.folder } },
    isDisabled: false,
    notes: [],
  });
});

test("Claude Code's variables stay variables, and its own project's servers come before all projects'", async () => {
  await using disk = await createDisk();
  const text = JSON.stringify({
    numStartups: 7,
    projects: {
      '/elsewhere': { mcpServers: { other: { command: 'no' } } },
      [disk.folder]: {
        mcpServers: { local: { type: 'stdio', command: 'run', args: ['${X:-y}'], env: {} } },
      },
    },
    mcpServers: {
      web: { type: 'http', url: 'https://a.example/mcp', headers: { Authorization: 'Bearer ${T}' } },
    },
  });
  const file = await identifyHostFile(await disk.write('.claude.json', text));
  const servers = await importConfig(file, {
    env: { T: 't' },
    platform: 'linux',
    folder: join(disk.folder, 'sub'),
  });
  expect(entries(servers)).toEqual({
    local: { command: 'run', args: ['${X:-y}'] },
    web: { url: 'https://a.example/mcp', headers: { Authorization: 'Bearer ${T}' } },
  });
  expect(servers.map(({ config }) => config.transport)).toMatchObject([
    { kind: 'stdio', args: ['y'] },
    { kind: 'http', headers: { Authorization: 'Bearer t' } },
  ]);
});

test("Cursor's variables are filled in or become ours", async () => {
  await using disk = await createDisk();
  const text = `{ "mcpServers": { "s": {
    "command": "\${userHome}/bin/x", "args": ["\${workspaceFolder}\${/}a", "\${workspaceFolderBasename}", "\${other}"],
    "env": { "KEY": "\${env:MY_KEY}" }, "envFile": ".env"
  } } }`;
  const [server] = await disk.read('cursor', text, { HOME: '/home/me', MY_KEY: 'k' });
  expect(server).toMatchObject({
    entry: {
      command: '/home/me/bin/x',
      args: [`${disk.folder}/a`, disk.folder.split('/').at(-1), '$${other}'],
      env: { KEY: '${MY_KEY}' },
    },
    config: { transport: { kind: 'stdio', env: { KEY: 'k' }, cwd: disk.folder } },
    notes: ['its "envFile" is not taken over'],
  });
});

test("VS Code's questions to its user become variables, with their defaults", async () => {
  await using disk = await createDisk();
  const text = `{
  // comments are fine
  "inputs": [
    { "type": "promptString", "id": "api-key", "description": "Key", "password": true },
    { "type": "pickString", "id": "region", "options": ["eu", "us"], "default": "eu" },
  ],
  "servers": {
    "gh": { "type": "http", "url": "https://x.example/\${input:region}", "headers": { "X-Key": "\${input:api-key}" } },
    "odd": { "command": "x", "args": ["\${command:pick}"] },
    "num": { "type": "stdio", "command": "x", "env": { "PORT": 8080, "DEBUG": true, "GONE": null } },
    "old": { "type": "sse", "url": "http://127.0.0.1:1/sse" },
    "ws": { "type": "ws", "url": "ws://127.0.0.1:1" },
  },
}`;
  const servers = await disk.read('vscode', text);
  expect(entries(servers)).toEqual({
    gh: { url: 'https://x.example/${REGION:-eu}', headers: { 'X-Key': '${API_KEY}' } },
    odd: undefined,
    num: { command: 'x', env: { PORT: '8080', DEBUG: 'true' } },
    old: { type: 'sse', url: 'http://127.0.0.1:1/sse' },
    ws: undefined,
  });
  const reasons = servers.map(({ config: { transport } }) =>
    transport.kind === 'invalid' ? transport.reason : 'fine',
  );
  expect(reasons).toEqual([
    `\${API_KEY} in ${disk.folder}/.vscode/mcp.json is not set`,
    '${command:pick} can only be filled in by its own host',
    'fine',
    'fine',
    'its type "ws" cannot be spoken to',
  ]);
});

test.for([
  ['claude-desktop', '{"mcpServers": {"s": {"command": "x", "url": "https://x.example/"}}}'],
  ['windsurf', '{"mcpServers": {"s": {"command": "x", "serverUrl": "https://x.example/"}}}'],
  ['codex', '[mcp_servers.s]\ncommand = "x"\nurl = "https://x.example/"'],
] as const)('what %s has both a command and an address for is taken for neither', async ([host, text]) => {
  await using disk = await createDisk();
  const [server] = await disk.read(host, text);
  expect([server?.entry, server?.config.transport]).toEqual([
    undefined,
    {
      kind: 'invalid',
      reason: 'it has both a command and an address',
      hint: `Write it by hand as mcp.json has it; it stands at ${server?.place}.`,
    },
  ]);
});

test('Codex says by keys what comes from the environment, and which tools there are', async () => {
  await using disk = await createDisk();
  const text = `
model = "gpt-5.5"

[mcp_servers.docs]
command = "npx"
args = ["-y", "docs", "\${HOME}"]
env_vars = ["TOKEN"]
cwd = "sub"
startup_timeout_sec = 20
tool_timeout_sec = 1.5
enabled_tools = ["search"]
disabled_tools = ["write"]

[mcp_servers.docs.env]
A = "1"

[mcp_servers."far away"]
url = "https://x.example/mcp"
bearer_token_env_var = "FAR_TOKEN"
http_headers = { "X-A" = "1" }
env_http_headers = { "X-B" = "B" }
enabled = false
`;
  const servers = await disk.read('codex', text, { TOKEN: 't', FAR_TOKEN: 'f', B: 'b' });
  expect(entries(servers)).toEqual({
    docs: {
      command: 'npx',
      args: ['-y', 'docs', '$${HOME}'],
      env: { TOKEN: '${TOKEN}', A: '1' },
      cwd: 'sub',
      tools: { allow: ['search'], deny: ['write'] },
      startTimeoutMs: 20_000,
      timeoutMs: 1500,
    },
    'far away': {
      url: 'https://x.example/mcp',
      headers: { 'X-A': '1', 'X-B': '${B}', Authorization: 'Bearer ${FAR_TOKEN}' },
      disabled: true,
    },
  });
  expect(servers.map(({ place, isDisabled }) => ({ place, isDisabled }))).toEqual([
    { place: `${disk.folder}/config.toml:4:1`, isDisabled: false },
    { place: `${disk.folder}/config.toml:17:1`, isDisabled: true },
  ]);
  expect(servers[0]?.config).toMatchObject({ startTimeoutMs: 20_000, tools: { allow: ['search'] } });
});

test("Windsurf's addresses and turned-off tools are read", async () => {
  await using disk = await createDisk();
  const text = `{ "mcpServers": {
    "far": { "serverUrl": "https://x.example/mcp", "headers": { "API_KEY": "\${env:K}" }, "disabledTools": ["rm"] },
    "off": { "command": "x", "disabled": true },
    "file": { "command": "x", "env": { "K": "\${file:/run/secret}" } }
  } }`;
  const servers = await disk.read('windsurf', text, { K: 'k' });
  expect(entries(servers)).toEqual({
    far: { url: 'https://x.example/mcp', headers: { API_KEY: '${K}' }, tools: { deny: ['rm'] } },
    off: { command: 'x', disabled: true },
    file: undefined,
  });
});

test.for<[HostName, string, string]>([
  [
    'cursor',
    '{\n  "mcpServers": {\n    "a": { "command": "x" }\n    "b": {}\n}}',
    '.cursor/mcp.json:4:5: comma expected',
  ],
  [
    'cursor',
    '{"mcpServers": {\n "a": { "command": "x",\n   "args": "y" }}}',
    '.cursor/mcp.json:3:4: mcpServers.a.args: ',
  ],
  ['vscode', '{"servers": []}', '.vscode/mcp.json:1:2: servers is no list of servers by name'],
  ['codex', '[mcp_servers.a]\ncommand = "x\n', 'config.toml:2:13: Unterminated string constant'],
  ['codex', '[mcp_servers.a]\ncommand = "x"\nargs = ["a",\n  7]', 'config.toml:4:3: mcp_servers.a.args.1: '],
  ['codex', 'mcp_servers.a = { command = 3 }', 'config.toml:1:19: mcp_servers.a.command: '],
  ['claude-desktop', '{"mcpServers": {"a": 7}}', 'claude_desktop_config.json:1:17: mcpServers.a: '],
])('a mistake in a file of %s is told with file, line and column: %j', async ([host, text, message]) => {
  await using disk = await createDisk();
  const error = await disk.read(host, text).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(`${disk.folder}/${message}`),
  });
});

test.for<[HostName, string, string, string]>([
  ['windsurf', '{"mcpServers": {\n"a": {"command": "x"},\n"a": {"command": "y"}}}', '2:1', '3:1'],
  ['codex', '[mcp_servers.a]\ncommand = "x"\n[mcp_servers.a] # again\ncommand = "y"', '1:1', '3:14'],
])('a name defined twice in a file of %s is told with both places', async ([host, text, first, second]) => {
  await using disk = await createDisk();
  const path = join(disk.folder, NAMES[host]);
  const error = await disk.read(host, text).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    message: expect.stringMatching(
      new RegExp(`^${path}:${second}: ".*a.*" is defined twice, first at ${path}:${first}$`),
    ),
  });
});

test('a name defined in two files is one server where both say the same, else an error with both places', async () => {
  await using disk = await createDisk();
  const one = await disk.write('.mcp.json', '{"mcpServers": {"a": {"command": "x"}}}');
  const same = await disk.write(
    'claude_desktop_config.json',
    '{"mcpServers": {"a": {"command": "x", "args": []}}}',
  );
  const other = await disk.write('mcp_config.json', '{\n"mcpServers": {"a": {"command": "y"}}}');
  const options = { env: {}, folder: disk.folder };
  const files = (paths: readonly string[]): Promise<HostFile[]> => Promise.all(paths.map(identifyHostFile));
  await expect(importConfig(await files([one, other]), options)).rejects.toThrow(
    `${other}:2:16: "a" is defined twice, first at ${one}:1:17`,
  );
  expect(await importConfig(await files([one, same]), options)).toMatchObject([
    { name: 'a', host: 'claude-code' },
  ]);
  await expect(importConfig(await files([join(disk.folder, 'gone.json')]), options)).rejects.toMatchObject({
    code: 'CONFIG_NOT_FOUND',
  });
});

test('a file of no known name is told apart by what it holds, and its project is the folder it lies in', async () => {
  await using disk = await createDisk();
  const path = await disk.write('elsewhere/list.json', '{"servers": {"a": {"command": "x", "cwd": "sub"}}}');
  const file = await identifyHostFile(path);
  expect(file).toEqual({ host: 'vscode', path, scope: 'project' });
  expect(entries(await importConfig(file, { env: {}, folder: disk.folder }))).toEqual({
    a: { command: 'x', cwd: join(disk.folder, 'elsewhere/sub') },
  });
});

test('secrets that are written out are pointed out', async () => {
  await using disk = await createDisk();
  const text = `{"mcpServers": {"a": {"command": "x", "env": {"API_KEY": "sk-1", "B_TOKEN": "\${T}", "C_KEY": "", "D": "1"}}}}`;
  expect(await disk.read('claude-code', text)).toMatchObject([{ notes: ['holds API_KEY in plain text'] }]);
});
