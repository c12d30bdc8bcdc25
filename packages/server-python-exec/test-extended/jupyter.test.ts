import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PythonServer } from '../test/python-server.ts';
import { startPython } from '../test/python-server.ts';
import type { JupyterGateway } from './jupyter-gateway.ts';
import { startJupyterGateway } from './jupyter-gateway.ts';

describe('the kernels of a Jupyter Kernel Gateway', () => {
  let gateway: JupyterGateway;
  let python: PythonServer;
  const start = (args: readonly string[] = [], env: Record<string, string> = {}): Promise<PythonServer> =>
    startPython({
      backend: 'jupyter',
      args: ['--jupyter-url', gateway.url, ...args],
      env: { PATCHBAY_JUPYTER_TOKEN: gateway.token, ...env },
    });

  beforeAll(async () => {
    gateway = await startJupyterGateway();
    python = await start();
  });
  afterAll(async () => {
    await python?.[Symbol.asyncDispose]();
    await gateway?.[Symbol.asyncDispose]();
  });

  test('keep variables, tell values, output and new variables', async () => {
    const first = await python.run('import sys\nprint("out"); print("err", file=sys.stderr)\nx = 20\nx + 1');
    expect(first.structured).toMatchObject({
      value: { repr: '21', type: 'int', json: 21 },
      stdout: 'out\n',
      stderr: 'err\n',
      new_variables: [{ name: 'x', type: 'int', summary: '20' }],
      backend: 'jupyter',
    });
    expect((await python.run('import asyncio\nasyncio.run(asyncio.sleep(0.01, x))')).text).toBe('20');
    expect((await python.run('await asyncio.sleep(0.01, x + 1)')).text).toBe('21');
    const listed = await python.server.callTool('list_variables', {});
    expect(listed.text).toBe('x: int = 20');
  });

  test('tell what went wrong, with the lines of the code only', async () => {
    const { text, isError } = await python.run('def f():\n  return 1 / 0\nf()');
    expect(isError).toBe(true);
    expect(text).toMatch(/^PYTHON_ERROR: ZeroDivisionError: division by zero \(line 2\)\nTraceback/);
    expect(text).not.toContain('ipykernel');
  });

  test('are interrupted at the time limit, and variables are kept', async () => {
    await python.run('kept = 1');
    const { text } = await python.run('print("before")\nwhile True: pass', { timeout_ms: 500 });
    expect(text).toMatch(/^TIMEOUT: Interrupted after 500 ms.*; variables are kept\n[^]*before/);
    expect((await python.run('kept')).text).toBe('1');
  });

  test('that do not react are ended and replaced, as are those that die', async () => {
    await python.run('lost = 1');
    const stuck = await python.run('sum(range(10 ** 13))', { timeout_ms: 500 });
    expect(stuck.text).toMatch(
      /^TIMEOUT: The code ran longer than 500 ms and did not react to the interrupt/,
    );
    expect((await python.run('"lost" in globals()')).text).toBe('False');
    const died = await python.run('import os\nos._exit(3)');
    expect(died.text).toMatch(/^INTERPRETER_LOST: The interpreter ended/);
    expect((await python.run('1 + 1')).text).toBe('2');
  });

  test('draw figures, which come as images and, in a shared folder, as files', async () => {
    await using shared = await start(['--jupyter-folder', python.workspace]);
    await writeFile(join(python.workspace, 'scores.csv'), 'name,score\nAda,90\n');
    expect((await shared.run('open("scores.csv").read()')).text).toContain('Ada');
    const { structured, content } = await shared.run(
      'import matplotlib\nmatplotlib.use("Agg")\nimport matplotlib.pyplot as plt\n_ = plt.plot([1, 2])',
    );
    expect(structured.figures).toEqual(['figure-1.png']);
    const png = await readFile(join(python.workspace, 'figure-1.png'));
    expect(content[1]).toEqual({ type: 'image', mimeType: 'image/png', data: png.toString('base64') });
  });

  test('end with their session, and all of them with the server', async () => {
    const before = await gateway.countKernels();
    const other = await start();
    await other.run('1');
    expect(await gateway.countKernels()).toBeGreaterThan(before);
    await other[Symbol.asyncDispose]();
    await vi.waitFor(async () => expect(await gateway.countKernels()).toBe(before), 20_000);
  });

  test('are said to be without a sandbox', async () => {
    const { text } = await python.server.callTool('python_info');
    expect(text).toContain('this server adds none');
  });

  test.for([
    ['a wrong token', [], { PATCHBAY_JUPYTER_TOKEN: 'wrong' }, '401'],
    ['a kernel that is not there', ['--jupyter-kernel', 'cobol'], {}, 'answered'],
    ['a gateway that is not there', ['--jupyter-url', 'http://127.0.0.1:9'], {}, 'cannot be reached'],
  ] as const)('%s ends the server with the reason', async ([, args, env, reason]) => {
    await expect(start(args, env)).rejects.toThrow(reason);
  });
});
