import { execFileSync } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PythonBackend, PythonSession } from '../src/backend.ts';
import type { BackendMakers, BackendName } from '../src/choose-backend.ts';
import { BACKEND_NAMES, chooseBackend } from '../src/choose-backend.ts';
import { createBwrapBackend } from '../src/cpython/bwrap-backend.ts';
import { createHostBackend, createLandlockBackend } from '../src/cpython/direct-backend.ts';
import { findPython } from '../src/cpython/host-python.ts';
import { GUEST_VARIABLES } from '../src/cpython/tested-backends.ts';
import { openProven, testSandbox } from '../src/self-test/test-sandbox.ts';
import { problems as lacking } from './backends.ts';
import { makeFolder, startPython } from './python-server.ts';

let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A session whose end is written down. */
function session(closed: string[], name: string): PythonSession {
  return {
    ended: new Promise(() => {}),
    run: () => Promise.reject(new Error('not asked')),
    listVariables: () => Promise.reject(new Error('not asked')),
    [Symbol.asyncDispose]: async () => void closed.push(name),
  };
}

function named(name: string): PythonBackend {
  return {
    name,
    summary: { modules: '', missing: '' },
    facts: () => Promise.reject(new Error('not asked')),
    openSession: () => Promise.reject(new Error('not asked')),
    async [Symbol.asyncDispose]() {},
  };
}

/** Makes backends of which those in `problems` cannot run, and those in `withoutPandas` have no pandas. */
function makers(
  problems: Partial<Record<BackendName, string>>,
  withoutPandas: readonly BackendName[] = [],
  closed: string[] = [],
): BackendMakers {
  const make = (name: BackendName) => async (wanted: readonly string[]) => {
    const absent = withoutPandas.includes(name) ? ['pandas'] : [];
    const problem = problems[name];
    if (problem !== undefined) throw new Error(problem);
    const backend = named(name);
    return ['jupyter', 'host'].includes(name)
      ? backend
      : {
          backend,
          session: session(closed, name),
          importProblem: wanted.some((each) => absent.includes(each)) ? 'ImportError: x' : undefined,
        };
  };
  return Object.fromEntries(BACKEND_NAMES.map((name) => [name, make(name)])) as unknown as BackendMakers;
}

const PASSED = 'its sandbox passed the self-test';

test.for([
  [{}, [], 'cpython-bwrap', `${PASSED}, and pandas is there`],
  [
    { 'cpython-bwrap': 'code could fork' },
    [],
    'cpython-landlock',
    `${PASSED}, and pandas is there; cpython-bwrap: code could fork`,
  ],
  [
    { 'cpython-bwrap': 'no bwrap', 'cpython-landlock': 'no Landlock' },
    ['pyodide'],
    'pyodide',
    `${PASSED}; cpython-bwrap: no bwrap; cpython-landlock: no Landlock`,
  ],
  [
    { 'cpython-landlock': 'no Landlock' },
    ['cpython-bwrap', 'pyodide'],
    'pyodide',
    `${PASSED}; cpython-bwrap: pandas cannot be imported there (ImportError: x); cpython-landlock: no Landlock`,
  ],
] as const)(
  'auto with problems %j and without pandas in %j takes %s',
  async ([problems, withoutPandas, name, reason]) => {
    const choice = await chooseBackend('auto', makers(problems, withoutPandas));
    expect([choice.backend.name, choice.reason]).toEqual([name, reason]);
  },
);

test('auto never takes one without a sandbox of its own', async () => {
  const problems = { 'cpython-bwrap': 'a', 'cpython-landlock': 'b', pyodide: 'c' };
  await expect(chooseBackend('auto', makers(problems))).rejects.toThrow(
    'no backend can run (cpython-bwrap: a; cpython-landlock: b; pyodide: c)',
  );
});

test('auto ends the interpreters of what it passes over, and hands on that of what it takes', async () => {
  const closed: string[] = [];
  const choice = await chooseBackend('auto', makers({}, ['cpython-bwrap'], closed));
  expect([choice.backend.name, choice.session === undefined, closed]).toEqual([
    'cpython-landlock',
    false,
    ['cpython-bwrap'],
  ]);
});

test.for(BACKEND_NAMES)('%s by name is that or an error', async (name) => {
  const choice = await chooseBackend(name, makers({}, BACKEND_NAMES));
  expect([choice.backend.name, choice.reason.startsWith('asked for')]).toEqual([name, true]);
  await expect(chooseBackend(name, makers({ [name]: 'it is broken' }))).rejects.toThrow(
    `--backend ${name} cannot run: it is broken`,
  );
});

test('without a Python of its own auto runs pyodide and says so on stderr, in the description and in python_info', async () => {
  await using python = await startPython({
    backend: 'auto',
    env: { PATH: '/nowhere' },
    args: ['--python', '/no/python'],
  });
  const why = `${PASSED}; cpython-bwrap: bubblewrap (bwrap) is not installed; cpython-landlock: no Python can be used (/no/python: spawn /no/python ENOENT)`;
  const { structured } = await python.server.callTool('python_info');
  expect(structured).toMatchObject({ backend: 'pyodide', backend_reason: why });
  const [tool] = await python.server.listTools();
  expect(tool?.description).toContain(
    `Backend: pyodide (${PASSED}; cpython-bwrap: bubblewrap (bwrap) is not installed`,
  );
  expect(python.server.stderr()).toContain(`backend pyodide (${why})`);
});

test.for([
  ['cpython-bwrap', 'bubblewrap (bwrap) is not installed'],
  ['host', 'it has no sandbox: code can do whatever you can. Add --allow-unsafe if you want that'],
] as const)('%s that cannot run ends the server with the reason', async ([backend, reason]) => {
  await expect(startPython({ backend, env: { PATH: dirname(process.execPath) } })).rejects.toThrow(
    `--backend ${backend} cannot run: ${reason}`,
  );
});

describe.each(lacking.bwrap === undefined && lacking.landlock === undefined ? ['both'] : [])(
  'with %s sandboxes of this machine',
  () => {
    test('the self-test finds nothing in them, and names what leaks from one that is open and from none', async () => {
      const workspace = join(folder, 'leaky');
      const canaries = join(folder, 'canaries');
      await mkdir(workspace);
      const python = await findPython({
        candidates: ['python3', '/usr/bin/python3'],
        workspace,
        home: '/nowhere',
        env: process.env,
      });
      const leaky = { ...python, folders: [...python.folders, folder] };
      const limits = { workspace, memoryMb: 512, maxOutputChars: 1000 };
      const bwrapPath = execFileSync('sh', ['-c', 'command -v bwrap'], { encoding: 'utf8' }).trim();
      const options = {
        parents: [workspace, canaries],
        workspace,
        environment: GUEST_VARIABLES,
        isVirtual: false,
        readOnly: ['/', '/usr', '/etc', '/dev'],
      };
      const reached = async (backend: PythonBackend) => {
        await using opened = await backend.openSession();
        return await testSandbox(opened, options);
      };

      expect(await reached(createBwrapBackend({ bwrapPath, python, ...limits }))).toEqual([]);
      expect(await reached(createLandlockBackend({ python, ...limits }))).toEqual([]);
      const read = ['read a file outside the workspace'];
      expect(await reached(createBwrapBackend({ bwrapPath, python: leaky, ...limits }))).toEqual(read);
      expect(await reached(createLandlockBackend({ python: leaky, ...limits }))).toEqual(read);
      await expect(openProven(createLandlockBackend({ python: leaky, ...limits }), options)).rejects.toThrow(
        'in its sandbox, code could read a file outside the workspace',
      );
      const host = await reached(createHostBackend({ python, ...limits }));
      expect(host).toEqual(
        expect.arrayContaining([
          ...read,
          'write outside the workspace',
          'connect to this machine',
          'start a program',
          'start a shell',
          'fork',
          'signal the server',
          'look into processes',
          'send a datagram',
          'make a Unix socket',
          'reach a Unix socket',
          'make a link',
        ]),
      );
    });
  },
);

describe.each(lacking.pandas === undefined && lacking.bwrap === undefined ? ['pandas'] : [])(
  'with %s',
  () => {
    test('where bubblewrap and pandas are there, auto runs cpython-bwrap', async () => {
      await using python = await startPython({ backend: 'auto' });
      const { structured } = await python.server.callTool('python_info');
      expect(structured).toMatchObject({
        backend: 'cpython-bwrap',
        backend_reason: 'its sandbox passed the self-test, and pandas is there',
        modules: expect.stringContaining('pandas'),
      });
      expect((await python.run('import pandas\nint(pandas.Series([1, 2]).sum())')).text).toBe('3');
    });
  },
);
