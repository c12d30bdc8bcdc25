import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProject, math } from './support/cli.ts';

const broken = { command: 'no-such-command-anywhere' };

test('a server is added, listed, shown and removed, and nothing else of the configuration changes', async () => {
  await using project = await createProject({});
  const path = join(project.folder, 'mcp.json');
  const written = '{\n  // Mine.\n  "mcpServers": {\n    "one": { "command": "x" } // the first\n  }\n}\n';
  await writeFile(path, written);
  const added = await project.patchbay([
    'server',
    'add',
    'two',
    '--env',
    'A=b=c',
    '--',
    'node',
    'two.js',
    '--flag',
  ]);
  expect(added).toMatchObject({ code: 0, stderr: '' });
  expect(added.stdout).toContain('Added two to mcp.json. Try it: patchbay server test two');
  const list = await project.patchbay(['server', 'list']);
  expect(list.stdout).toBe('one  x\ntwo  node two.js --flag\n');
  const get = await project.patchbay(['server', 'get', 'two', '--json']);
  expect(JSON.parse(get.stdout)).toMatchObject({
    name: 'two',
    transport: 'stdio',
    command: 'node',
    args: ['two.js', '--flag'],
    env: ['A'],
  });
  const removed = await project.patchbay(['server', 'remove', 'two']);
  expect(removed.stdout).toBe('Removed two from mcp.json.\n');
  expect(await readFile(path, 'utf8')).toBe(written);
});

test('a server behind HTTP is added without its secrets being shown, a taken name only by force', async () => {
  await using project = await createProject({});
  const add = (...args: string[]) => project.patchbay(['server', 'add', 'far', ...args]);
  expect(await add('--url', 'https://u:secret@x.example/mcp?key=secret')).toMatchObject({ code: 0 });
  const again = await add('--url', 'https://y.example/mcp');
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('"far" is defined twice, first at mcp.json:');
  const dry = await add('--url', 'https://y.example/mcp', '--force', '--dry-run');
  expect(JSON.parse(dry.stdout)).toEqual({ mcpServers: { far: { url: 'https://y.example/mcp' } } });
  const { stdout } = await project.patchbay(['server', 'list']);
  expect(stdout).toBe('far  https://u:***@x.example/mcp?***\n');
  expect(await add('--url', 'https://y.example/mcp', '--force')).toMatchObject({ code: 0 });
  expect((await project.patchbay(['server', 'list'])).stdout).toBe('far  https://y.example/mcp\n');
});

test.for([
  [['server', 'add', 'x'], 'Give a command behind --, or --url'],
  [['server', 'add', 'x', '--url', 'https://x.example', '--', 'y'], '--url and a command do not go together'],
  [['server', 'add', 'x', '--env', 'A', '--', 'y'], '--env is name=value, not "A"'],
  [
    ['server', 'add', 'x', '--url', 'example.com/mcp'],
    '--url is an address of the web, https://… or http://…',
  ],
  [['server', 'list', '--config', '.'], ': EISDIR: illegal operation on a directory'],
  [['server', 'frob'], 'server goes with one of: server add, server list'],
  [['server', 'get'], 'Too few words: patchbay server get <name>'],
  [['server', 'get', 'mth'], 'has no server "mth". Did you mean math?'],
  [['server', 'remove', 'mth'], 'has no server "mth". Did you mean math?'],
  [['server', 'test', 'mth'], 'has no server "mth". Did you mean math?'],
  [['call', 'mth.add'], 'No server for "mth.add". Did you mean math?'],
  [['server', 'add', 'x', 'npx', '-y', 'pkg'], 'The command of a server stands behind --: server add'],
  [['tols'], 'Unknown command "tols". Did you mean tools?'],
  [['--contnue'], 'Unknown option --contnue. Did you mean --continue?'],
  [['tools', 'all'], 'tools takes no "all"'],
  [['completion', 'tcsh'], 'There are completions for bash, zsh, fish, not for "tcsh"'],
  [['--images', 'maybe'], '--images is auto or off, not "maybe"'],
] as const)('patchbay %s says what is wrong', async ([args, message]) => {
  await using project = await createProject({ math });
  const { code, stderr, stdout } = await project.patchbay(args);
  expect(stderr).toContain(message);
  expect(code).toBeGreaterThan(0);
  expect(stdout).toBe('');
});

test('without a terminal init writes an example that can be read, and never over a file', async () => {
  await using project = await createProject({});
  const path = join(project.folder, 'new.json');
  const { code, stdout } = await project.patchbay(['init', '--config', 'new.json']);
  expect(code).toBe(0);
  expect(stdout).toContain('math, notes, sql, files, python, weather, arxiv, wikipedia');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const list = await project.patchbay(['server', 'list', '--config', 'new.json']);
  expect(list.stdout.split('\n')).toContain('math       npx -y @patchbay/server-math');
  expect(await project.patchbay(['init', '--config', 'new.json'])).toMatchObject({ code: 2 });
  expect(await project.patchbay(['init', '--config', 'new.json', '--force'])).toMatchObject({ code: 0 });
});

test('the doctor names what is wrong and what to do about it, and fails only then', async () => {
  await using project = await createProject({ math, broken }, { '.env': 'OPENAI_API_KEY=\n' });
  const ill = await project.patchbay(['doctor']);
  expect(ill.code).toBe(1);
  expect(ill.stdout).toMatch(
    /✓ server math {2}@patchbay\/server-math .*, MCP 2026-07-28, started in \d+ ms, again in \d+ ms/,
  );
  expect(ill.stdout).toContain('✓ server math  its self-test succeeds');
  expect(ill.stdout).toContain('✗ server broken  "no-such-command-anywhere" is not on PATH\n   → Install it');
  expect(ill.stdout).toContain('✓ environment  .env is read; no API key is set');
  expect(ill.stdout).toContain('1 problem, 0 things to look at.');

  const well = await project.patchbay(['server', 'test', 'math', '--json']);
  expect(well.code).toBe(0);
  expect(JSON.parse(well.stdout)).toMatchObject({ ok: true, problems: 0, cautions: 0 });
});

test('the doctor shows a mistake in the configuration with its place, and one in its server', async () => {
  const script = `
    console.log('starting up');
    setInterval(() => {}, 1000);
    require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const { id, method } = JSON.parse(line);
      const answers = {
        initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'odd', version: '1' } },
        'tools/list': { tools: [{ name: 'a'.repeat(80), inputSchema: { type: 'object' } }] },
      };
      if (id === undefined) return;
      const answer = answers[method] ? { result: answers[method] } : { error: { code: -32601, message: 'no' } };
      console.log(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
    });`;
  await using project = await createProject(
    { odd: { command: process.execPath, args: ['odd.js'] } },
    { 'odd.js': script },
  );
  const { code, stdout } = await project.patchbay(['server', 'test', 'odd']);
  expect(code).toBe(0);
  expect(stdout).toContain('! server odd  1 tools without a description');
  expect(stdout).toMatch(/1 tools have another name for the model: a+ as odd__a/);
  expect(stdout).toContain('! server odd  it writes to standard output what is not MCP: "starting up"');
  expect(stdout).toContain('! server odd  it does not end when its input ends');

  await writeFile(join(project.folder, 'mcp.json'), '{\n  "mcpServers": {\n    "a" {}\n  }\n}\n');
  const torn = await project.patchbay(['doctor']);
  expect(torn.code).toBe(1);
  expect(torn.stdout).toMatch(/✗ configuration {2}mcp\.json:3:9: [^\n]+\n[^\n]*"a" \{\}\n +\^/);
});
