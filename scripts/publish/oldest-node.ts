import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from './check-files.ts';
import { runCommand } from './run-command.ts';

const installs = new Map<string, Promise<string>>();

/** The lowest Node of `engines`, from npm, which has one package of it for each kind of machine. Installed once in `folder`. */
export function oldestNode({ engines, name }: Manifest, folder: string): Promise<string> {
  const [, major, minor = '0', patch = '0'] =
    /^>=(\d+)(?:\.(\d+))?(?:\.(\d+))?$/u.exec(engines?.node ?? '') ?? [];
  if (major === undefined) throw new Error(`engines.node of ${name} is not >= a version`);
  const version = `${major}.${minor}.${patch}`;
  const install = installs.get(version) ?? installNode(version, join(folder, `node-${version}`));
  installs.set(version, install);
  return install;
}

async function installNode(version: string, folder: string): Promise<string> {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const program = `node-${platform}-${process.arch}`;
  mkdirSync(folder);
  await runCommand(
    [
      'npm',
      'install',
      '--prefix',
      folder,
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      `${program}@${version}`,
    ],
    { cwd: folder },
  );
  return join(folder, 'node_modules', program, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}
