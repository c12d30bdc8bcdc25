import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The program that users run: compiled, not from source. */
export const SERVER_MAIN: string = join(root, 'packages/server-sql/dist/main.js');

/** Compiles the server and what it stands on, unless that is done. */
export function buildServer(): void {
  const args = ['run', 'build', '--filter=@patchbay/server-sql', '--output-logs=errors-only'];
  const { status } = spawnSync('turbo', args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('The server could not be built: npm run build says why');
}
