import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { backends, matplotlibBackends, pandasBackends } from './backends.ts';
import type { PythonServer } from './python-server.ts';
import { startPython } from './python-server.ts';

describe.each(backends)('%s', (backend) => {
  let python: PythonServer;
  beforeAll(async () => {
    python = await startPython({ backend });
  });
  afterAll(() => python[Symbol.asyncDispose]());

  test('what a long call prints is told while it runs, each part once', async () => {
    const told: string[] = [];
    const code = `
import os, sys, time
def wait(name):
  while not os.path.exists(name): time.sleep(0.01)
print("one"); wait("first")
print("two", file=sys.stderr); wait("second")`;
    const call = python.server.client.callTool(
      { name: 'run_python', arguments: { code } },
      { onprogress: ({ message = '' }) => void (message.startsWith('running') || told.push(message)) },
    );
    for (const [name, ...expected] of [
      ['first', 'one\n'],
      ['second', 'one\n', 'two\n'],
    ]) {
      await vi.waitFor(() => expect(told).toEqual(expected), 20_000);
      await writeFile(join(python.workspace, String(name)), '');
    }
    expect((await call).isError).not.toBe(true);
  });

  test('files that code wrote come as links with their type and size', async () => {
    const { content } = await python.run(
      'open("t.csv", "w").write("a,b")\nopen("u.unknown", "w").write("x")',
    );
    const url = (name: string): string => pathToFileURL(join(python.workspace, name)).href;
    expect(content.slice(1)).toEqual([
      { type: 'resource_link', uri: url('t.csv'), name: 't.csv', mimeType: 'text/csv', size: 3 },
      { type: 'resource_link', uri: url('u.unknown'), name: 'u.unknown', size: 1 },
    ]);
  });

  /** Stands in for matplotlib: its one figure holds `bytes`. */
  const figureOf = (bytes: string): string => `
import sys, types
class Figure:
  def savefig(self, file, **options): file.write(${bytes})
pyplot = types.ModuleType('matplotlib.pyplot')
pyplot.get_fignums, pyplot.figure, pyplot.close = (lambda: [1]), (lambda number: Figure()), (lambda which: None)
sys.modules['matplotlib.pyplot'] = pyplot`;

  test('an open figure is saved to the workspace and comes as an image', async () => {
    const { structured, content } = await python.run(figureOf('b"\\x89PNG\\r\\n\\x1a\\n..."'), {
      session: 'a',
    });
    expect(structured.figures).toEqual(['figure-1.png']);
    const file = await readFile(join(python.workspace, 'figure-1.png'));
    expect(content[1]).toEqual({ type: 'image', mimeType: 'image/png', data: file.toString('base64') });
  });

  test('what is no PNG does not get to the client as an image', async () => {
    const { text, isError } = await python.run(figureOf('b"<svg>"'), { session: 'b' });
    expect(isError).toBe(true);
    expect(text).toMatch(/^INTERPRETER_LOST: .*it sent something that is not a reply/);
  });

  test('a value that only calls itself a table is told by its repr', async () => {
    const code = `
import sys, types
class DataFrame:
  shape = ()
  def __repr__(self): return 'mine'
sys.modules['pandas'] = types.ModuleType('pandas')
sys.modules['pandas'].DataFrame = DataFrame
DataFrame()`;
    expect((await python.run(code, { session: 'c' })).text).toBe('mine');
  });

  const here = (each: string): boolean => each === backend;
  describe.each(pandasBackends.filter(here))('pandas in %s', () => {
    testTables(() => python);
  });
  describe.each(matplotlibBackends.filter(here))('matplotlib in %s', () => {
    testFigures(() => python);
  });
});

function testTables(python: () => PythonServer): void {
  beforeAll(async () => {
    await python().run('import numpy as np, pandas as pd');
  });

  test.for([
    [
      'pd.DataFrame({"n": [1, 2], "s": ["x", None]})',
      '   n     s\n0  1     x\n1  2  None\n[2 rows x 2 columns: n int64, s object]',
      {
        index: [0, 1],
        columns: ['n', 's'],
        data: [
          [1, 'x'],
          [2, null],
        ],
      },
    ],
    [
      'pd.DataFrame({"n": [1.5, float("nan")]})',
      '     n\n0  1.5\n1  NaN\n[2 rows x 1 columns: n float64]',
      undefined,
    ],
    [
      'pd.Series([1, 2], name="n")',
      '0    1\n1    2\n[2 values of int64]',
      { name: 'n', index: [0, 1], data: [1, 2] },
    ],
    [
      'np.arange(4).reshape(2, 2)',
      'array([[0, 1],\n       [2, 3]])\n[array of 2 x 2 int64]',
      [
        [0, 1],
        [2, 3],
      ],
    ],
    ['np.array(7)', 'array(7)\n[array of one int64]', 7],
    ['pd.Series([1, 2]).sum()', '3', 3],
    ['np.float64("nan")', 'nan', undefined],
  ] as const)('the value of %s is told with its shape', async ([code, repr, json]) => {
    const { value } = (await python().run(code)).structured;
    expect([value?.repr, value?.json]).toEqual([repr, json]);
  });

  test('a large table is told by its ends and its size, and as a variable by its columns', async () => {
    const code = 'big = pd.DataFrame({"a": range(100_000), "b": 1.5})\nbig';
    const { value, new_variables: variables } = (await python().run(code)).structured;
    expect(value?.json).toBeUndefined();
    expect(value?.repr.split('\n')).toHaveLength(23);
    expect(value?.repr).toMatch(/\n99999 {2}99999 {2}1\.5\n\[100000 rows x 2 columns: a int64, b float64\]$/);
    const summary = '100000 rows x 2 columns: a int64, b float64';
    expect(variables).toEqual([{ name: 'big', type: 'pandas.core.frame.DataFrame', summary }]);
    const again = await python().run('big["c"] = 0');
    expect(again.structured.changed_variables.map(({ name }) => name)).toEqual(['big']);
  });

  test('a CSV file of the workspace is read by its bare name', async () => {
    await writeFile(join(python().workspace, 'students_scores.csv'), 'name,score\nAda,90\nBob,70\n');
    expect((await python().run('pd.read_csv("students_scores.csv").score.mean()')).text).toBe('80.0');
  });
}

function testFigures(python: () => PythonServer): void {
  beforeAll(async () => {
    await python().run('import matplotlib.pyplot as plt');
    // What stood in for matplotlib has drawn too.
    for (const name of await readdir(python().workspace)) await rm(join(python().workspace, name));
  });

  test('figures that are open come as images and are files of the workspace, under names that are free', async () => {
    const taken = join(python().workspace, 'figure-1.png');
    await writeFile(taken, 'taken');
    const { structured, content, text } = await python().run(
      'plt.plot([1, 2])\nplt.show()\nplt.figure()\nNone',
    );
    expect(structured.figures).toEqual(['figure-2.png', 'figure-3.png']);
    expect(structured.files.map(({ path }) => path)).toEqual(structured.figures);
    expect(structured.stderr).toBe('');
    expect(text).toMatch(/^Files written: figure-2\.png/);
    const images = content.filter(({ type }) => type === 'image');
    expect(images).toHaveLength(2);
    const file = await readFile(join(python().workspace, 'figure-2.png'));
    expect(images[0]).toEqual({ type: 'image', mimeType: 'image/png', data: file.toString('base64') });
    expect(file.subarray(1, 4).toString()).toBe('PNG');
    expect(await readFile(taken, 'utf8')).toBe('taken');
    expect((await python().run('plt.get_fignums()')).text).toBe('[]');
  });

  test('of many figures the first four come as images', async () => {
    const { structured, content } = await python().run('for _ in range(6): plt.figure(figsize=(1, 1))');
    expect(structured.figures).toHaveLength(6);
    expect(content.filter(({ type }) => type === 'image')).toHaveLength(4);
  });

  test('a figure that cannot be drawn is told, and the value is still there', async () => {
    const { structured, isError } = await python().run('_ = plt.figure()\nplt.title("$\\\\nothing{$")\n5');
    expect([isError, structured.value?.json, structured.figures]).toEqual([false, 5, []]);
    expect(structured.stderr).toMatch(/^Figure 1 cannot be drawn: ValueError/);
  });

  test('code that fails keeps its figures for the next call', async () => {
    expect((await python().run('_ = plt.figure()\n1/0')).isError).toBe(true);
    expect((await python().run('None')).structured.figures).toHaveLength(1);
  });
}
