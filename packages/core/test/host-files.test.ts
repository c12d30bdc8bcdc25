import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Environment } from '../src/config/expand-variables.ts';
import { findHostConfigs, hostFiles } from '../src/config/import/host-files.ts';

test.for<[NodeJS.Platform, Environment, readonly string[]]>([
  [
    'linux',
    { HOME: '/home/me' },
    [
      '/home/me/.claude.json',
      '/home/me/.config/Claude/claude_desktop_config.json',
      '/home/me/.codex/config.toml',
      '/home/me/.cursor/mcp.json',
      '/home/me/.config/Code/User/mcp.json',
      '/home/me/.codeium/windsurf/mcp_config.json',
    ],
  ],
  [
    'linux',
    { HOME: '/home/me', XDG_CONFIG_HOME: '/c', CODEX_HOME: '/x', CLAUDE_CONFIG_DIR: '/d' },
    [
      '/d/.claude.json',
      '/c/Claude/claude_desktop_config.json',
      '/x/config.toml',
      '/home/me/.cursor/mcp.json',
      '/c/Code/User/mcp.json',
      '/home/me/.codeium/windsurf/mcp_config.json',
    ],
  ],
  [
    'darwin',
    { HOME: '/Users/me' },
    [
      '/Users/me/.claude.json',
      '/Users/me/Library/Application Support/Claude/claude_desktop_config.json',
      '/Users/me/.codex/config.toml',
      '/Users/me/.cursor/mcp.json',
      '/Users/me/Library/Application Support/Code/User/mcp.json',
      '/Users/me/.codeium/windsurf/mcp_config.json',
    ],
  ],
  [
    'win32',
    { USERPROFILE: 'C:\\Users\\me', APPDATA: 'C:\\Users\\me\\AppData\\Roaming' },
    [
      'C:\\Users\\me\\.claude.json',
      'C:\\Users\\me\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
      'C:\\Users\\me\\.codex\\config.toml',
      'C:\\Users\\me\\.cursor\\mcp.json',
      'C:\\Users\\me\\AppData\\Roaming\\Code\\User\\mcp.json',
      'C:\\Users\\me\\.codeium\\windsurf\\mcp_config.json',
    ],
  ],
])('on %s with %j each host has its file', ([platform, env, paths]) => {
  const files = hostFiles({ env, platform, folder: '/project' });
  expect(files.filter(({ scope }) => scope === 'user').map(({ path }) => path)).toEqual(paths);
});

test('the files that there are are found, those of the project first', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-core-'));
  const write = async (name: string): Promise<string> => {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '');
    return path;
  };
  try {
    const own = await write('project/.vscode/mcp.json');
    const users = await write('home/.codex/config.toml');
    const search = {
      env: { HOME: join(folder, 'home') },
      platform: 'linux',
      folder: join(folder, 'project'),
    } as const;
    expect(await findHostConfigs(search)).toEqual([
      { host: 'vscode', path: own, scope: 'project' },
      { host: 'codex', path: users, scope: 'user' },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
