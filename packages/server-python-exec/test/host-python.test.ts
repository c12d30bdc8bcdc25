import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPython } from '../src/cpython/host-python.ts';
import { makeFolder } from './python-server.ts';

let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fakePython(name: string, answer: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${answer}\n`);
  await chmod(path, 0o755);
  return path;
}

test.for([
  [
    'that is too old',
    `echo '{"path":"/bin/sh","version":[3,9,1],"folders":["/usr"],"packages":[]}'`,
    'needs 3.10 or newer',
  ],
  [
    'whose folder holds the home folder',
    `echo '{"path":"/bin/sh","version":[3,12,1],"folders":["/"],"packages":[]}'`,
    'holds more than Python',
  ],
  ['that answers nonsense', 'echo hello', 'JSON'],
  ['that fails', 'exit 3', 'Command failed'],
] as const)('a Python %s is not used', async ([name, answer, message]) => {
  const path = await fakePython(name.replaceAll(' ', '-'), answer);
  const options = { workspace: join(folder, 'w'), home: folder, env: process.env };
  await expect(findPython({ candidates: [path], ...options })).rejects.toThrow(message);
});

test('a Python inside the workspace, which code could replace, is not used', async () => {
  const workspace = join(folder, 'workspace');
  await mkdir(join(workspace, 'venv'), { recursive: true });
  const answer = `echo '{"path":"/bin/sh","version":[3,12,1],"folders":["${workspace}/venv"],"packages":["pandas"]}'`;
  const inside = await fakePython('inside', answer);
  const fine = await fakePython(
    'fine',
    `echo '{"path":"/bin/sh","version":[3,12,1],"folders":["/usr"],"packages":[]}'`,
  );
  const options = { workspace, home: '/nowhere', env: process.env };
  await expect(findPython({ candidates: [inside], ...options })).rejects.toThrow('is inside the workspace');
  expect(await findPython({ candidates: [inside, fine], ...options })).toEqual({
    path: '/bin/sh',
    version: '3.12.1',
    folders: [],
    packages: [],
  });
});
