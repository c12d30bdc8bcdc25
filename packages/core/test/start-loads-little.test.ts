import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { faultyServer } from '@patchbay/testing';
import { expect, test } from 'vitest';

test('to start a server and call it, no package is loaded', async () => {
  const program = fileURLToPath(new URL('fixtures/lists-what-it-loads.ts', import.meta.url));
  const { command, args } = faultyServer('paged');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=@patchbay/source',
    program,
    command,
    ...args,
  ]);
  expect(JSON.parse(stdout)).toEqual({ isError: false, loaded: [] });
});
