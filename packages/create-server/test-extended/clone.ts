import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand } from '../../../scripts/publish/run-command.ts';

const ROOT = join(import.meta.dirname, '../../..');

export interface Clone extends AsyncDisposable {
  readonly folder: string;
  /** Runs a command of the shell there, as it stands in the documentation. Throws when it fails. */
  readonly shell: (command: string) => Promise<string>;
}

/** A copy of the repository as it is here, committed or not, with all that it needs installed. */
export async function cloneRepository(): Promise<Clone> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-clone-'));
  const listed = await runCommand(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  });
  for (const path of listed.split('\0')) {
    if (path !== '') await cp(join(ROOT, path), join(folder, path)).catch(ignoreDeleted);
  }
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    NO_COLOR: '1',
    TURBO_TELEMETRY_DISABLED: '1',
  };
  const install = ['pnpm', 'install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only'];
  await runCommand(install, { cwd: folder, env });
  return {
    folder,
    shell: (command) => runCommand(['bash', '-euc', command], { cwd: folder, env }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A file that git knows, and that is gone here. */
function ignoreDeleted(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
