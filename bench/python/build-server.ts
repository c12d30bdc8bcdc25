import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The program that users run: compiled, not from source. */
export const SERVER_MAIN: URL = new URL('../../packages/server-python-exec/dist/main.js', import.meta.url);

/** Compiles the server and what it stands on, unless that is done. */
export function buildServer(): void {
  const args = ['run', 'build', '--filter=@patchbay/server-python-exec', '--output-logs=errors-only'];
  const { status } = spawnSync('turbo', args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('The server could not be built: npm run build says why');
}
