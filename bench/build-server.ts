import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

type ServerName = 'server-python-exec' | 'server-sql';

/** Path of the program that users run: compiled, not from source. */
export function programOf(server: ServerName): string {
  return join(root, 'packages', server, 'dist/main.js');
}

/** Compiles a server and what it stands on, unless that is done. */
export function buildServer(server: ServerName): void {
  const args = ['run', 'build', `--filter=@patchbay/${server}`, '--output-logs=errors-only'];
  const { status } = spawnSync('turbo', args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('The server could not be built: npm run build says why');
}
