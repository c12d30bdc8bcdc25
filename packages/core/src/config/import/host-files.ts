import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, posix, resolve, win32 } from 'node:path';
import { parse } from 'jsonc-parser';
import { isRecord } from '../../json.ts';
import type { Environment } from '../expand-variables.ts';
import { ifSet } from '../expand-variables.ts';
import { readTextFile } from '../read-text-file.ts';

/** The programs whose lists of servers can be read. */
export const HOST_NAMES = ['claude-code', 'claude-desktop', 'codex', 'cursor', 'vscode', 'windsurf'] as const;
export type HostName = (typeof HOST_NAMES)[number];

/** A file in which a program keeps servers. */
export interface HostFile {
  readonly host: HostName;
  readonly path: string;
  /** `project`: it lies in the project's folder and holds for that alone. */
  readonly scope: 'user' | 'project';
}

export interface HostSearch {
  /** Where `HOME`, `APPDATA`, `XDG_CONFIG_HOME`, `CODEX_HOME`, `CLAUDE_CONFIG_DIR` are looked up. */
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  /** The project's folder. */
  readonly folder: string;
}

/** Where each program keeps its servers, whether or not there is such a file. The project's come first. */
export function hostFiles({ env, platform, folder }: HostSearch): readonly HostFile[] {
  const paths = platform === 'win32' ? win32 : posix;
  const home = homeFolder({ env, platform });
  const settings = settingsFolder({ env, platform, home });
  const claudeHome = ifSet(env['CLAUDE_CONFIG_DIR']) ?? home;
  const codexHome = ifSet(env['CODEX_HOME']) ?? paths.join(home, '.codex');
  const inProject = (host: HostName, ...parts: string[]): HostFile => ({
    host,
    path: paths.join(folder, ...parts),
    scope: 'project',
  });
  const ofUser = (host: HostName, ...parts: string[]): HostFile => ({
    host,
    path: paths.join(...parts),
    scope: 'user',
  });
  return [
    inProject('claude-code', '.mcp.json'),
    inProject('codex', '.codex', 'config.toml'),
    inProject('cursor', '.cursor', 'mcp.json'),
    inProject('vscode', '.vscode', 'mcp.json'),
    ofUser('claude-code', claudeHome, '.claude.json'),
    ofUser('claude-desktop', settings, 'Claude', 'claude_desktop_config.json'),
    ofUser('codex', codexHome, 'config.toml'),
    ofUser('cursor', home, '.cursor', 'mcp.json'),
    ofUser('vscode', settings, 'Code', 'User', 'mcp.json'),
    ofUser('windsurf', home, '.codeium', 'windsurf', 'mcp_config.json'),
  ];
}

/** Those of {@link hostFiles} that there are. */
export async function findHostConfigs(search: HostSearch): Promise<readonly HostFile[]> {
  const files = hostFiles(search);
  const are = await Promise.all(
    files.map(({ path }) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return files.filter((_file, index) => are[index]);
}

/**
 * Whose a file is, by its name and folder, or by what it holds: a list of `servers` is VS Code's, and any other file is
 * read as Claude Code's `.mcp.json`, whose form most programs share.
 */
export async function identifyHostFile(path: string): Promise<HostFile> {
  const known = hostFileAt(path);
  if (known) return known;
  const text = await readTextFile(path).catch(() => '');
  const value: unknown = parse(text);
  const isVsCode = isRecord(value) && value['servers'] !== undefined && value['mcpServers'] === undefined;
  return { host: isVsCode ? 'vscode' : 'claude-code', path, scope: 'project' };
}

function hostFileAt(path: string): HostFile | undefined {
  const [name = '', folder = ''] = path.split(/[/\\]/).toReversed();
  const of = (host: HostName, scope: HostFile['scope']): HostFile => ({ host, path, scope });
  if (name.endsWith('.toml')) return of('codex', 'user');
  if (name === 'claude_desktop_config.json') return of('claude-desktop', 'user');
  if (name === 'mcp_config.json') return of('windsurf', 'user');
  if (name === '.claude.json') return of('claude-code', 'user');
  if (name === '.mcp.json') return of('claude-code', 'project');
  if (folder === '.cursor') return of('cursor', 'project');
  if (folder === '.vscode') return of('vscode', 'project');
  if (folder === 'User') return of('vscode', 'user');
  return undefined;
}

/** The folder of the project that a file is for: of a user's own files, the one that is worked in. */
export function projectFolder({ path, scope }: HostFile, workingFolder: string): string {
  if (scope === 'user') return workingFolder;
  const folder = dirname(resolve(path));
  return ['.cursor', '.vscode', '.codex'].includes(basename(folder)) ? dirname(folder) : folder;
}

export function homeFolder({ env, platform }: Pick<HostSearch, 'env' | 'platform'>): string {
  return ifSet(env[platform === 'win32' ? 'USERPROFILE' : 'HOME']) ?? homedir();
}

/** Where desktop programs keep what users set. */
function settingsFolder({
  env,
  platform,
  home,
}: Pick<HostSearch, 'env' | 'platform'> & { readonly home: string }): string {
  if (platform === 'win32') return ifSet(env['APPDATA']) ?? win32.join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support');
  return ifSet(env['XDG_CONFIG_HOME']) ?? posix.join(home, '.config');
}
