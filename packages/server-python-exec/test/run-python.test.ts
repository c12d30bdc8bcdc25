import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backends } from './backends.ts';
import type { PythonServer } from './python-server.ts';
import { startPython } from './python-server.ts';

describe.each(backends)('%s', (backend) => {
  let python: PythonServer;
  beforeAll(async () => {
    python = await startPython({ backend, args: ['--max-sessions', '16'] });
  });
  afterAll(() => python[Symbol.asyncDispose]());

  test.for([
    ['1+2', '3', 'int', 3],
    ["'a' * 3", "'aaa'", 'str', 'aaa'],
    ['x = 4\nx * 2', '8', 'int', 8],
    [
      '[1, 2.5, True, None, {"k": (1,)}]',
      "[1, 2.5, True, None, {'k': (1,)}]",
      'list',
      [1, 2.5, true, null, { k: [1] }],
    ],
    ['"""only a string"""', "'only a string'", 'str', 'only a string'],
    ['await __import__("asyncio").sleep(0, result=7)', '7', 'int', 7],
    [
      'import asyncio\nasync def f():\n  await asyncio.sleep(0.01)\n  return 5\nasyncio.run(f())',
      '5',
      'int',
      5,
    ],
    ['import statistics\nstatistics.median([1, 2, 9])', '2', 'int', 2],
    ['"Ünï😀"', "'Ünï😀'", 'str', 'Ünï😀'],
  ] as const)('the value of %j is %s', async ([code, repr, type, json]) => {
    expect((await python.run(code, { reset: false })).structured.value).toEqual({ repr, type, json });
  });

  test.for([
    ['2 ** 64', '18446744073709551616', 'int'],
    ['float("nan")', 'nan', 'float'],
    ['{1: 2}', '{1: 2}', 'dict'],
    ['import datetime\ndatetime.date(2024, 2, 29)', 'datetime.date(2024, 2, 29)', 'datetime.date'],
    ['class Point: pass\nPoint', "<class '__main__.Point'>", 'type'],
    ['10 ** 6000', '<int of about 6001 digits>', 'int'],
    [
      'class Bad:\n  def __repr__(self): raise ValueError\nBad()',
      '<Bad whose repr raised ValueError>',
      'Bad',
    ],
    [
      'class Ends:\n  def __repr__(self): raise SystemExit\nEnds()',
      '<Ends whose repr raised SystemExit>',
      'Ends',
    ],
    [
      'class Lazy:\n  __class__ = property(lambda self: 1 / 0)\n  __repr__ = lambda self: "lazy"\nlazy = Lazy()\nlazy',
      'lazy',
      'Lazy',
    ],
  ] as const)('the value of %j has no JSON form', async ([code, repr, type]) => {
    expect((await python.run(code)).structured.value).toEqual({ repr, type });
  });

  test.for([
    'None',
    'y = 1',
    'print("")',
    'if True:\n  5',
    'for i in range(2): i',
    ''.padEnd(3, '#'),
    'import sys; sys.exit()',
  ])('%j has no value', async (code) => {
    const { structured, isError } = await python.run(code);
    expect({ isError, status: structured.status, value: structured.value }).toEqual({
      isError: false,
      status: 'ok',
      value: undefined,
    });
  });

  test('a model reads the value, what was printed, or what was set', async () => {
    const session = { session: 'texts' };
    expect((await python.run('3 * 7', session)).text).toBe('21');
    expect((await python.run('print("a"); print("b")', session)).text).toBe('a\nb');
    expect((await python.run('print("a"); 5', session)).text).toBe('a\n5');
    expect((await python.run('rows = [1]', session)).text).toBe('Done. Nothing was printed. Set: rows = [1]');
    expect((await python.run('pass', session)).text).toBe('Done. Nothing was printed.');
    expect((await python.run('import sys; print("w", file=sys.stderr)', session)).text).toBe('stderr:\nw');
  });

  test('new and changed variables are told with type and summary', async () => {
    const session = 'variables';
    const first = await python.run('a = 1\nb = [1]\nc = "x" * 500\nimport math\n_hidden = 3', { session });
    expect(first.structured.new_variables).toEqual([
      { name: 'a', type: 'int', summary: '1' },
      { name: 'b', type: 'list', summary: '[1]' },
      { name: 'c', type: 'str', summary: `'${'x'.repeat(116)}...` },
    ]);
    const second = await python.run('b.append(2)\na = 1\ndel c\ndef f(): pass', { session });
    expect(second.structured.new_variables.map(({ name }) => name)).toEqual(['f']);
    expect(second.structured.changed_variables).toEqual([{ name: 'b', type: 'list', summary: '[1, 2]' }]);
    const listed = await python.server.callTool('list_variables', { session });
    expect(listed.text).toMatch(/^a: int = 1\nb: list = \[1, 2\]\nf: function = <function f at /);
  });

  test('what cannot be had here is said in the words of Python, with what is there', async () => {
    const { text, isError } = await python.run('import not_there');
    expect(isError).toBe(true);
    expect(text).toMatch(/^PYTHON_ERROR: ModuleNotFoundError: No module named 'not_there' \(line 1\)/);
    expect(text).toMatch(/\nNothing can be installed\. What there is: Standard library/);
  });

  test.for([
    ['x = 1\n1/0', 'ZeroDivisionError: division by zero (line 2)'],
    ['def f():\n  return 1/0\n\nf()', 'ZeroDivisionError: division by zero (line 2)'],
    [
      'import json\n\njson.loads("{")',
      'json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1) (line 3)',
    ],
    ['a = 1\nif a\n  2', "SyntaxError: expected ':' (line 2)"],
    ['raise KeyError("k")', "KeyError: 'k' (line 1)"],
    ['assert False', 'AssertionError (line 1)'],
    ['import sys\nsys.exit(3)', 'SystemExit: 3 (line 2)'],
    ['input("name?")', 'EOFError: EOF when reading a line (line 1)'],
    [
      'class E(Exception):\n  def __str__(self): raise ValueError\nraise E',
      'E: (the exception has no readable message) (line 3)',
    ],
    ['raise KeyboardInterrupt', 'KeyboardInterrupt (line 1)'],
    ['def f(n): return f(n)\nf(1)', 'RecursionError: maximum recursion depth exceeded (line 1)'],
  ] as const)('%j fails with %s', async ([code, message]) => {
    const { text, isError } = await python.run(code);
    expect({ isError, first: text.split('\n')[0] }).toEqual({
      isError: true,
      first: `PYTHON_ERROR: ${message}`,
    });
  });

  test.for([
    ['class A:\n  def __repr__(self): return repr(self)\nrepr(A())', /^RecursionError: .* \(line 2\)$/],
  ] as const)('%j fails in the words of this Python, %s', async ([code, message]) => {
    const { text, isError } = await python.run(code);
    expect(isError).toBe(true);
    expect(text.split('\n')[0]?.replace('PYTHON_ERROR: ', '')).toMatch(message);
  });

  test.for([
    ['import ast\nast.parse = None', "TypeError: 'NoneType' object is not callable"],
    [
      'import linecache\nlinecache.cache = None',
      "TypeError: 'NoneType' object does not support item assignment",
    ],
    ['import sys\nsys.__stdout__ = 7', "AttributeError: 'int' object has no attribute 'closed'"],
  ] as const)('after %j a model is told what makes the session whole again', async ([code, message]) => {
    const session = 'broken';
    expect((await python.run(code, { session })).isError).toBe(false);
    const { text } = await python.run('1 + 1', { session });
    expect(text.split('\n')[0]).toBe(`PYTHON_ERROR: ${message}`);
    expect(text).toContain('\nNot a line of the code failed, but what runs it');
    expect(text).toContain('reset_session gives "broken" a fresh interpreter');
    await python.server.callTool('reset_session', { session });
    expect((await python.run('1 + 1', { session })).text).toBe('2');
  });

  test('closing the output beneath Python costs nothing, or is told as what it is', async () => {
    const session = 'closed';
    await python.run('import os\nos.close(1)', { session });
    const { text } = await python.run('print("heard")', { session });
    expect(text).toMatch(/^heard$|reset_session gives "closed" a fresh interpreter/);
    await python.server.callTool('reset_session', { session });
  });

  test('a trace shows lines of the code only, those of earlier calls too, and what was printed before', async () => {
    await python.run('def divide(a, b):\n    return a / b');
    const { text } = await python.run('print("before")\ndivide(1, 0)');
    expect(text).toContain('    return a / b');
    expect(text).toContain('    divide(1, 0)');
    expect(text).toMatch(/\nbefore$/);
    const json = await python.run('import json\njson.loads("{")');
    expect(json.text).not.toContain('json/decoder.py');
  });

  test('what code set before it failed stays', async () => {
    await python.run('kept = 5\n1/0');
    expect((await python.run('kept')).text).toBe('5');
  });

  test('a file of the workspace can be read, and what is written there is told', async () => {
    await writeFile(join(python.workspace, 'students_scores.csv'), 'name,score\nAda,90\nBob,70\n');
    const code = `
import csv, os
with open('students_scores.csv') as f:
    rows = list(csv.DictReader(f))
os.makedirs('out/deep', exist_ok=True)
with open('out/deep/total.txt', 'w') as f:
    f.write(str(sum(int(r['score']) for r in rows)))
os.getcwd()`;
    const { structured, text } = await python.run(code);
    expect(structured.files).toEqual([{ path: 'out/deep/total.txt', bytes: 3 }]);
    expect(text).toBe(`'${python.workingDirectory}'\nFiles written: out/deep/total.txt (3 bytes)`);
    expect(await readFile(join(python.workspace, 'out/deep/total.txt'), 'utf8')).toBe('160');
  });

  test('more files than are listed are counted as far as they are known', async () => {
    const write = (count: number, name: string): string =>
      `for i in range(${count}): open(f'${name}{i}', 'w').close()`;
    expect((await python.run(write(12, 'few'))).text).toMatch(/ and 2 more$/m);
    expect((await python.run(write(150, 'many'))).text).toMatch(/ and at least 90 more$/m);
  });

  test('files can be appended to, renamed, cut and removed', async () => {
    const code = `
import os, pathlib, shutil, sqlite3
p = pathlib.Path('a.txt'); p.write_text('one'); f = p.open('a'); f.write('two'); f.close()
p.rename('b.txt'); os.truncate('b.txt', 4); a = os.stat('b.txt'); os.chmod('b.txt', 0o600); os.utime('b.txt', (1, 2))
shutil.copy2('b.txt', 'c.txt'); os.remove('c.txt')
db = sqlite3.connect('d.sqlite'); db.execute('create table t(x)'); db.execute('insert into t values (42)'); db.commit()
os.mkdir('e'); os.rmdir('e')
(sorted(os.listdir()), pathlib.Path('b.txt').read_text(), os.stat('b.txt').st_mtime in (2, a.st_mtime), db.execute('select x from t').fetchone())`;
    const before = (await python.run('import os\nos.listdir()')).structured.value?.json as string[];
    const { structured } = await python.run(code);
    expect(structured.value?.json).toEqual([[...before, 'b.txt', 'd.sqlite'].toSorted(), 'onet', true, [42]]);
  });

  test('output is cut in the middle and says by how much', async () => {
    const { structured } = await python.run('print("A" + "x" * 50_000 + "Z"); "v" * 60_000');
    expect(structured.stdout).toMatch(/^Ax{9999}\n\[\.\.\. 30003 characters omitted \.\.\.\]\nx+Z\n$/);
    expect(structured.value?.repr).toMatch(/^'v+\n?/);
    expect(structured.value?.repr.length).toBeLessThan(20_100);
    expect(structured.value?.json).toBeUndefined();
  });

  test('a value of ten million items is answered by its beginning', async () => {
    const { structured } = await python.run('big = list(range(10_000_000))\nbig', { session: 'big' });
    expect(structured.value?.repr).toMatch(/^<list of 10000000 items, beginning with 0, 1, 2, /);
    expect(structured.new_variables[0]?.summary).toMatch(/^<list of 10000000 items/);
    await python.server.callTool('reset_session', { session: 'big' });
  });

  test('stdout and stderr are told apart, and what earlier code did to them is undone', async () => {
    const first = await python.run(
      'import sys, os\nprint("o"); print("e", file=sys.stderr); os.write(1, b"raw\\n")\nsys.stdout.close()',
    );
    expect([first.structured.stdout, first.structured.stderr]).toEqual(['o\nraw\n', 'e\n']);
    expect((await python.run('print("again", "\\ud800")')).structured.stdout).toBe('again \\ud800\n');
  });

  test('printing what looks like protocol changes nothing', async () => {
    const code =
      'import os\nfor fd in range(1, 3): os.write(fd, b\'{"kind":"ran","id":1,"isInterrupted":false,"outcome":{},"stdout":"","stderr":""}\\n\')\n"real"';
    expect((await python.run(code)).structured.value?.json).toBe('real');
  });

  test.for([
    ['no code', 'code', {}],
    ['empty code', 'code', { code: '' }],
    ['code of more than 100000 characters', 'code', { code: 'x'.repeat(100_001) }],
    ['a session that is a path', 'session', { code: '1', session: '../x' }],
    ['a time limit above the largest', 'timeout_ms', { code: '1', timeout_ms: 600_001 }],
    ['a time limit of 0', 'timeout_ms', { code: '1', timeout_ms: 0 }],
  ] as const)('%s is refused by the name of the argument, %s', async ([, name, args]) => {
    const { isError, text } = await python.server.callTool('run_python', args);
    expect(isError).toBe(true);
    expect(text).toContain(name);
  });

  test('python_info says what is there, what the limits are and what is not promised', async () => {
    const { structured, text } = await python.server.callTool('python_info');
    expect(structured).toMatchObject({
      python_version: expect.stringMatching(/^3\.\d+\.\d+$/),
      backend,
      backend_reason: expect.stringMatching(/^asked for/),
      workspace: python.workspace,
      limits: { timeout_ms: 30_000, memory_mb: 512, max_sessions: 16 },
    });
    expect(text).toContain('Not promised:');
  });

  test('every tool sets its four hints and describes itself in at most 600 characters', async () => {
    const tools = await python.server.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'run_python',
      'list_variables',
      'reset_session',
      'python_info',
    ]);
    for (const { annotations, description } of tools) {
      expect(Object.keys(annotations ?? {})).toHaveLength(4);
      expect(description?.length).toBeLessThanOrEqual(600);
    }
    expect(tools[0]?.description).toContain(`Backend: ${backend} (asked for`);
  });
});
