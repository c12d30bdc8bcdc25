import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Project } from './support/cli.ts';
import { createProject, math } from './support/cli.ts';

/** A user's folder inside the project's, with what other programs keep in it. */
async function withHome(project: Project, files: Readonly<Record<string, string>>) {
  const home = join(project.folder, 'home');
  for (const [name, text] of Object.entries(files)) {
    const path = join(home, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  const env = { HOME: home, XDG_CONFIG_HOME: join(home, '.config'), CODEX_HOME: '', CLAUDE_CONFIG_DIR: '' };
  return { home, run: (...args: string[]) => project.patchbay(['server', 'import', ...args], { env }) };
}

const desktop = '.config/Claude/claude_desktop_config.json';

test('the servers of every program are found, printed with where they come from, and then used', async () => {
  await using project = await createProject({});
  const { command, args } = math;
  const codex = `[mcp_servers.math]\ncommand = '${command}'\nargs = ${JSON.stringify(args)}\n`;
  const { home, run } = await withHome(project, {
    [desktop]: '{"mcpServers": {"files": {"command": "npx", "env": {"API_KEY": "k"}}}}',
    '.cursor/mcp.json': '{"mcpServers": {"far": {"url": "https://x.example/${env:NOT_SET_ANYWHERE}"}}}',
    '.codex/config.toml': codex,
  });
  const printed = await run();
  expect(printed.code).toBe(0);
  expect(JSON.parse(printed.stdout)).toEqual({
    mcpServers: {
      files: { command: 'npx', env: { API_KEY: 'k' } },
      math: { command, args },
      far: { url: 'https://x.example/${NOT_SET_ANYWHERE}' },
    },
  });
  expect(printed.stderr.split('\n')).toEqual([
    ` ✓ files  from ${home}/${desktop}:1:17`,
    '   holds API_KEY in plain text',
    ` ✓ math  from ${home}/.codex/config.toml:1:1`,
    ` ✗ far  from ${home}/.cursor/mcp.json:1:17`,
    `   \${NOT_SET_ANYWHERE} in ${home}/.cursor/mcp.json is not set`,
    `   → Add NOT_SET_ANYWHERE to .env, or write \${NOT_SET_ANYWHERE:-default} in ${home}/.cursor/mcp.json.`,
    '',
  ]);

  expect(await run('--from', 'codex', '--write')).toMatchObject({ code: 0, stdout: '' });
  expect(await project.patchbay(['call', 'math.multiply', 'a=17', 'b=23'])).toMatchObject({
    stdout: '391\n',
  });
  const again = await run('--from', 'codex', '--write');
  expect(again.stderr).toContain(`${project.folder}/mcp.json: added nothing; there already: math`);
});

test('what is written keeps comments and permissions, and a new file is private', async () => {
  await using project = await createProject({}, { 'mcp.json': '{\n  // keep\n  "mcpServers": {}\n}\n' });
  const { run } = await withHome(project, { [desktop]: '{"mcpServers": {"a": {"command": "x"}}}' });
  const path = join(project.folder, 'mcp.json');
  const { mode } = await stat(path);
  expect(await run('--write')).toMatchObject({ code: 0 });
  expect(await readFile(path, 'utf8')).toBe(
    '{\n  // keep\n  "mcpServers": {\n    "a": {\n      "command": "x"\n    }\n  }\n}\n',
  );
  expect((await stat(path)).mode).toBe(mode);
  await rm(path);
  await run('--write');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test.for([
  [[], 2, /No other program on this machine has a list of servers/],
  [['--from', 'windsurf'], 2, /windsurf has no list of servers here/],
  [['--from', 'gone.json'], 2, /Cannot read .*gone\.json/],
  [['--from', 'empty.json'], 2, /Nothing to import\. Looked into: .*empty\.json/],
  [['--from', 'broken.json'], 2, /broken\.json:2:1: .*\n/],
] as const)('import %j says what is wrong', async ([args, code, message]) => {
  await using project = await createProject({}, { 'empty.json': '{}', 'broken.json': '{"mcpServers": {\n' });
  const { run } = await withHome(project, {});
  const result = await run(...args);
  expect(result).toMatchObject({ code, stdout: '' });
  expect(result.stderr).toMatch(message);
});

test('a server of the same name and another kind is left alone, and both places are told', async () => {
  await using project = await createProject({ math });
  const { home, run } = await withHome(project, { [desktop]: '{"mcpServers": {"math": {"command": "x"}}}' });
  const before = await readFile(join(project.folder, 'mcp.json'), 'utf8');
  const { code, stderr } = await run('--write');
  expect(code).toBe(2);
  expect(stderr).toContain(`${home}/${desktop}:1:17: "math" is defined twice, first at mcp.json:1:16`);
  expect(await readFile(join(project.folder, 'mcp.json'), 'utf8')).toBe(before);
});

test('server alone says how it goes on', async () => {
  await using project = await createProject({});
  expect(await project.patchbay(['server'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('server goes with one of: server add,'),
  });
});
