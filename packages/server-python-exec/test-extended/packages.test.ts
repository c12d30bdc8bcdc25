import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backends } from '../test/backends.ts';
import type { PythonServer } from '../test/python-server.ts';
import { startPython } from '../test/python-server.ts';

let folder: string;
let python: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-packages-'));
  execFileSync('python3', ['-m', 'venv', join(folder, 'env')], { stdio: 'pipe' });
  python = join(folder, 'env', 'bin', 'python');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(backends.filter((each) => each !== 'pyodide'))('install_packages on %s', (backend) => {
  let server: PythonServer;
  const install = (packages: readonly string[]) => server.server.callTool('install_packages', { packages });
  beforeAll(async () => {
    server = await startPython({ backend, args: ['--python', python, '--allow-install'] });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test('gets a package of PyPI for a session that runs, which code cannot change', async () => {
    const before = await server.run('import tinydb');
    expect(before.text).toMatch(/\ninstall_packages may get it, if PyPI has it\.$/);
    expect((await install(['tinydb==4.8.2'])).text).toBe('Installed: tinydb==4.8.2');
    expect((await server.run('import tinydb\ntinydb.__version__')).text).toBe("'4.8.2'");
    const changed = await server.run('open(tinydb.__file__, "a")');
    expect(changed.text).toMatch(/^PYTHON_ERROR: (PermissionError|OSError)/);
  });

  test('says what pip says of a package that is not there', async () => {
    const { text, isError } = await install(['tinydb==0.0.999']);
    expect(isError).toBe(true);
    expect(text).toMatch(/^INSTALL_FAILED: pip could not install tinydb==0\.0\.999: ERROR: /);
  });

  test.for([
    '--index-url=http://127.0.0.1/',
    'http://127.0.0.1/x.whl',
    '../x',
    './x',
    'x @ file:///x',
    'x;y',
  ])('refuses %s, which is no name', async (name) => {
    const { text, isError } = await install([name]);
    expect(isError).toBe(true);
    expect(text).toMatch(/^INVALID_INPUT: packages\.0: a name/);
  });
});

describe('packages for pyodide', () => {
  let wheels: string;
  beforeAll(() => {
    wheels = join(folder, 'wheels');
    // A wheel with compiled code that PyPI has for this Pyodide.
    const platform = ['--platform', 'pyemscripten_2026_0_wasm32', '--python-version', '3.14'];
    const args = [
      'download',
      '-q',
      '--no-deps',
      '--only-binary',
      ':all:',
      ...platform,
      '-d',
      wheels,
      'msgspec',
    ];
    execFileSync(python, ['-m', 'pip', ...args], { stdio: 'pipe' });
  });

  test('are loaded from a folder of wheels, compiled ones too, into every session', async () => {
    const args = ['--pyodide-packages', wheels, '--packages', 'msgspec'];
    await using server = await startPython({ args });
    const code = 'import msgspec\nmsgspec.json.decode(b"[1,2]")';
    for (const session of ['a', 'b']) expect((await server.run(code, { session })).text).toBe('[1, 2]');
    const { text } = await server.server.callTool('python_info');
    expect(text).toContain('msgspec and what they need');
  });

  test('that the folder has not are named, and so is a file that is not what it should be', async () => {
    const start = (name: string) => startPython({ args: ['--pyodide-packages', wheels, '--packages', name] });
    await expect(start('numpy')).rejects.toThrow(/has no numpy-[\d.]+\S*\.whl, which --packages needs/);
    await expect(start('unheard-of')).rejects.toThrow('has no wheel of unheard-of');
    const lock = JSON.parse(
      execFileSync('cat', [new URL('../node_modules/pyodide/pyodide-lock.json', import.meta.url).pathname], {
        encoding: 'utf8',
        maxBuffer: 1e8,
      }),
    );
    writeFileSync(join(wheels, lock.packages.numpy.file_name), 'not a wheel');
    await expect(start('numpy')).rejects.toThrow("is not the file that Pyodide's list names");
  });
});
