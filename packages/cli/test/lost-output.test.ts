import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Project } from './support/cli.ts';
import { createProject, math } from './support/cli.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Runs `patchbay` with its output going where a shell sends it; its exit code is the last line on stderr. */
async function runInto(where: string, args: readonly string[], { folder, env }: Project) {
  const script = `{ "$0" --conditions=@patchbay/source "$@"; echo "ended with $?" >&2; } ${where}`;
  const { stderr } = await promisify(execFile)('sh', ['-c', script, process.execPath, main, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  return stderr;
}

test.concurrent.for([
  ['tools'],
  ['servers'],
  ['-p', 'Multiply 17 by 23.', '--stream-json', '--model', 'offline'],
])('%o ends without a word when its reader has gone', async (args) => {
  await using project = await createProject({ math });
  expect(await runInto('| true', args, project)).toMatch(/^(?!.*node:).*(^|\n)ended with 141\n$/s);
});

test.runIf(existsSync('/dev/full'))('a full disk behind the output is told, without a stack', async () => {
  await using project = await createProject({ math });
  expect(await runInto('>/dev/full', ['tools'], project)).toBe(
    'Cannot write to standard output: ENOSPC: no space left on device, write\n' +
      '  Send it to where there is room, and run it again.\nended with 1\n',
  );
});
