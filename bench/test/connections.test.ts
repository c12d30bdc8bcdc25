import { expect, test } from 'vitest';
import { compare } from '../connections/compare.ts';
import type { Measured } from '../connections/measure.ts';
import { measure } from '../connections/measure.ts';
import type { Subject } from '../connections/subjects.ts';
import { subjects } from '../connections/subjects.ts';
import { toTable } from '../connections/table.ts';
import type { Workload } from '../connections/workloads.ts';
import { workloads } from '../connections/workloads.ts';

const [limit] = subjects;

function named(name: string): Workload {
  const found = workloads.find((each) => each.name === name);
  if (!found) throw new Error(`no workload ${name}`);
  return found;
}

test.for(['W2-stdio', 'W2-stdio-modern', 'W2-json', 'W2-sse', 'W3-stdio', 'W4-1', 'W5-out'])(
  'the servers of %s answer a client that is written by hand',
  async (name) => {
    const few = { ...named(name), options: { ...named(name).options, calls: 10, rounds: 1 } };
    const measured = await measure(limit as Subject, few, '');
    expect(measured).toMatchObject({ kind: 'measured' });
    const figures = measured.kind === 'measured' ? measured.figures : {};
    expect(figures[few.metric]).toBeGreaterThan(0);
  },
);

test('a client that fails says so, and no figure stands for it', async () => {
  const broken = { ...(limit as Subject), client: '/no/such/client.mjs' };
  const measured = await measure(broken, named('W2-stdio'), '');
  expect(measured).toEqual({ kind: 'failed', reason: expect.stringContaining('Cannot find module') });
});

test('ratios are made within a repetition, to the limit, the first SDK and the peer that is best by its median', () => {
  const subject = (name: string, role: Subject['role']): Subject => ({
    name,
    role,
    client: '',
    isWarm: false,
    eras: ['legacy'],
  });
  const runs = (...values: (number | undefined)[]): Measured[] =>
    values.map((ms) =>
      ms === undefined ? { kind: 'failed', reason: 'no' } : { kind: 'measured', figures: { ms } },
    );
  const compared = compare(
    named('W8'),
    new Map([
      [subject('limit', 'limit'), runs(1, 2, 4)],
      [subject('sdk-v1', 'floor'), runs(2, 4, 8)],
      [subject('slow', 'peer'), runs(9, 9, 9)],
      [subject('fast', 'peer'), runs(2, 2, 2)],
      [subject('patchbay', 'patchbay'), runs(1, 4, undefined)],
    ]),
  );
  expect(compared).toMatchObject({ bestPeer: 'fast', repetitions: 3 });
  expect(compared.rows.at(-1)).toEqual({
    subject: 'patchbay',
    figures: { ms: 2.5 },
    toLimit: 1.5,
    toFloor: 0.75,
    toBestPeer: 1.25,
    failure: 'no',
  });
  expect(toTable(compared)).toContain('| patchbay | 2.50 |    1.50 |     0.75 |   1.25 |');
});
