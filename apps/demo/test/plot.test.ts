import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFakeProvider } from '@patchbay/testing';
import { describe, expect, test } from 'vitest';
import { createDemo } from './support/demo.ts';
import { modelKnowing } from './support/fake-model.ts';

/** Why no Python of this machine can plot in a sandbox; undefined when one can. */
const problem = ['bwrap --unshare-all --unshare-user --ro-bind / / true', 'import matplotlib, pandas']
  .map((work) => (work.startsWith('bwrap') ? work.split(' ') : ['/usr/bin/python3', '-I', '-c', work]))
  .map(([program = '', ...args]) => {
    try {
      execFileSync(program, args, { stdio: 'pipe' });
      return undefined;
    } catch (error) {
      return String(error).trim().split('\n').at(-1);
    }
  })
  .find((found) => found !== undefined);
if (problem !== undefined) console.warn(`No test of a plot: ${problem}`);

const python = (code: string) => [{ name: 'python__run_python', args: { code } }];

describe.each(problem === undefined ? ['this machine'] : [])('with the Python of %s', () => {
  test('exported rows are analysed and drawn, and the model and the user get the picture', async () => {
    await using provider = await startFakeProvider(
      modelKnowing({
        'Export the scores.': {
          turns: [() => [{ name: 'sql__export_csv', args: { table: 'students_scores' } }]],
          answer: ([written = '']) => `exported: ${/\w+\.csv/.exec(written)?.[0]}`,
        },
        'Make ten random numbers.': {
          turns: [
            () => python('import random\nnumbers = [random.random() for _ in range(10)]\nlen(numbers)'),
          ],
          answer: ([value = '']) => `numbers: ${value}`,
        },
        'Print the first row, then draw all.': {
          turns: [
            () =>
              python(
                "import pandas as pd\nscores = pd.read_csv('students_scores.csv')\nprint(list(scores.iloc[0].index)[:2])",
              ),
            () => python('_ = scores.select_dtypes("number").iloc[:, 1:].mean().plot.bar()'),
          ],
          answer: ([printed = '', drawn = '']) =>
            `first: ${printed.trim()} ${/figure-\d\.png/.exec(drawn)?.[0]}`,
        },
      }),
    );
    await using demo = await createDemo(provider.anthropicEnv);
    const requests = [
      'Export the scores.',
      'Make ten random numbers.',
      'Print the first row, then draw all.',
    ];
    const { code, stdout } = await demo.run(['chat'], {
      input: requests.map((each) => `${each}\n`).join(''),
    });
    expect(provider.problems).toEqual([]);
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => /^(exported|numbers|first): /.test(line))).toEqual([
      'exported: students_scores.csv',
      'numbers: 10',
      "first: ['student_id', 'name'] figure-1.png",
    ]);
    const workspace = join(demo.folder, 'data/workspace');
    expect(readdirSync(workspace)).toEqual(expect.arrayContaining(['figure-1.png', 'students_scores.csv']));
    const png = readFileSync(join(workspace, 'figure-1.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    // What the model was sent of the result is the picture itself.
    expect(JSON.stringify(provider.requests.at(-1)?.body)).toContain(png.toString('base64'));
  });
});
