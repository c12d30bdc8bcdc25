import { execFile } from 'node:child_process';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { faultyServer } from '@patchbay/testing';
import { expect, test } from 'vitest';

test('to start a server and call it, no package is loaded, and none of the larger parts of Node', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'patchbay-'));
  const program = fileURLToPath(new URL('fixtures/lists-what-it-loads.ts', import.meta.url));
  const { command, args } = faultyServer('paged');
  const start = async (): Promise<unknown> => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--conditions=@patchbay/source',
      program,
      folder.path,
      command,
      ...args,
    ]);
    return JSON.parse(stdout);
  };
  // The first one remembers the server, for which it writes a file.
  expect(await start()).toEqual({ isError: false, loaded: ['fs/promises'] });
  expect(await start()).toEqual({ isError: false, loaded: [] });
});
