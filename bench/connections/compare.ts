import { median } from '../statistics.ts';
import type { Measured } from './measure.ts';
import type { Subject } from './subjects.ts';
import type { Workload } from './workloads.ts';

/** One subject on one workload: the medians of its figures, and of its ratios to others in the same repetition. */
export interface Row {
  readonly subject: string;
  readonly figures: Readonly<Record<string, number>>;
  /** Its figure by that of the limit, of the first SDK, and of the best peer; below 1 is better than they. */
  readonly toLimit?: number | undefined;
  readonly toFloor?: number | undefined;
  readonly toBestPeer?: number | undefined;
  readonly failure?: string;
}

export interface Comparison {
  readonly workload: string;
  readonly title: string;
  readonly metric: string;
  readonly repetitions: number;
  readonly bestPeer?: string | undefined;
  readonly rows: readonly Row[];
}

/** What each subject measured, one entry a repetition. */
export type Runs = ReadonlyMap<Subject, readonly Measured[]>;

/** Ratios are made within a repetition, where all subjects met the same machine; their median is what is told. */
export function compare({ name, title, metric }: Workload, runs: Runs): Comparison {
  const values = new Map([...runs].map(([subject, measured]) => [subject, valuesOf(measured, metric)]));
  const of = (role: Subject['role']): (number | undefined)[] | undefined =>
    [...values].find(([subject]) => subject.role === role)?.[1];
  const best = [...values]
    .filter(([{ role }]) => role === 'peer')
    .map(([{ name: peer }, each]) => ({ peer, each, median: median(each) }))
    .filter(({ median: value }) => value !== undefined)
    .toSorted((one, other) => (one.median ?? 0) - (other.median ?? 0))[0];
  const rows = [...runs].map(([subject, measured]): Row => {
    const own = values.get(subject) ?? [];
    const failed = measured.find((each) => each.kind === 'failed');
    return {
      subject: subject.name,
      figures: mediansOf(measured),
      toLimit: ratio(own, of('limit')),
      toFloor: ratio(own, of('floor')),
      toBestPeer: ratio(own, best?.each),
      ...(failed ? { failure: failed.reason } : {}),
    };
  });
  const repetitions = Math.max(...[...runs.values()].map((each) => each.length));
  return { workload: name, title, metric, repetitions, bestPeer: best?.peer, rows };
}

function valuesOf(measured: readonly Measured[], metric: string): (number | undefined)[] {
  return measured.map((each) => (each.kind === 'measured' ? each.figures[metric] : undefined));
}

function mediansOf(measured: readonly Measured[]): Record<string, number> {
  const names = new Set(
    measured.flatMap((each) => (each.kind === 'measured' ? Object.keys(each.figures) : [])),
  );
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const value = median(valuesOf(measured, name));
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function ratio(own: readonly (number | undefined)[], other: readonly (number | undefined)[] | undefined) {
  return median(
    own.map((value, index) => {
      const base = other?.[index];
      return value === undefined || base === undefined ? undefined : value / base;
    }),
  );
}
