import { Arithmetic } from './arithmetic.ts';
import { MathError } from './errors.ts';
import type { Value } from './number.ts';
import { ExactDecimal } from './number.ts';

/** What can be asked of a list of numbers. Quartiles and quantiles interpolate between neighbours (type 7 of R). */
export const MEASURES = [
  'count',
  'sum',
  'mean',
  'median',
  'mode',
  'min',
  'max',
  'range',
  'q1',
  'q3',
  'stdev',
  'variance',
  'population_stdev',
  'population_variance',
] as const;

export type Measure = (typeof MEASURES)[number];

/** Sums that all measures are made of, kept exact. */
interface Sample {
  readonly math: Arithmetic;
  readonly sorted: readonly Value[];
  readonly count: Value;
  readonly sum: Value;
}

/** Reads a list of at least one number. @throws {MathError} `TOO_COMPLEX` for numbers that are too long together. */
export function toSample(values: readonly Value[], digits: number): Sample {
  const math = new Arithmetic(digits);
  // Comparing and adding take time by the length, which an exponent makes long in a few characters.
  for (const { decimal } of values) math.work.chargeProduct(Math.abs(decimal.e) + decimal.precision(), 100);
  const sorted = values.toSorted((a, b) => a.decimal.comparedTo(b.decimal));
  return { math, sorted, count: whole(values.length), sum: values.reduce((a, b) => math.add(a, b)) };
}

const MEASURE_OF: Readonly<Record<Measure, (sample: Sample) => readonly Value[]>> = {
  count: ({ count }) => [count],
  sum: ({ sum }) => [sum],
  mean: ({ math, sum, count }) => [math.divide(sum, count)],
  median: (sample) => [quantile(sample, 0.5)],
  mode: modes,
  min: (sample) => [quantile(sample, 0)],
  max: (sample) => [quantile(sample, 1)],
  range: (sample) => [sample.math.add(quantile(sample, 1), sample.math.negate(quantile(sample, 0)))],
  q1: (sample) => [quantile(sample, 0.25)],
  q3: (sample) => [quantile(sample, 0.75)],
  stdev: (sample) => [sample.math.sqrt(variance(sample, 'sample'))],
  variance: (sample) => [variance(sample, 'sample')],
  population_stdev: (sample) => [sample.math.sqrt(variance(sample, 'population'))],
  population_variance: (sample) => [variance(sample, 'population')],
};

/**
 * The measure's values: one, or for `mode` all that occur most often, when any occurs twice.
 *
 * @throws {MathError} `UNDEFINED` for the deviation of a single number.
 */
export function measureOf(sample: Sample, measure: Measure): readonly Value[] {
  return MEASURE_OF[measure](sample);
}

/** The value below which the share `p` (0 to 1) of the numbers lies. */
export function quantile(sample: Sample, p: number): Value {
  const { math, sorted } = sample;
  const place = new ExactDecimal(p).times(sorted.length - 1);
  const below = rank(sample, place.floor().toNumber());
  const above = rank(sample, place.ceil().toNumber());
  const share = { decimal: place.minus(place.floor()), isExact: true };
  return math.add(below, math.multiply(share, math.add(above, math.negate(below))));
}

/** (n·Σx² − (Σx)²) / (n·(n − 1)), or with n² below: exact up to the division. */
function variance({ math, sorted, count, sum }: Sample, kind: 'sample' | 'population'): Value {
  if (kind === 'sample' && sorted.length < 2) {
    throw new MathError('UNDEFINED', 'a sample of one number has no deviation', {
      hint: 'Give two numbers or more, or ask for population_stdev.',
    });
  }
  const squares = sorted.map((value) => math.multiply(value, value)).reduce((a, b) => math.add(a, b));
  const spread = math.add(math.multiply(count, squares), math.negate(math.multiply(sum, sum)));
  const divisor = kind === 'sample' ? whole(sorted.length - 1) : count;
  return math.divide(spread, math.multiply(count, divisor));
}

function modes({ sorted }: Sample): readonly Value[] {
  const runs: { readonly value: Value; count: number }[] = [];
  for (const value of sorted) {
    const last = runs.at(-1);
    if (last?.value.decimal.eq(value.decimal) === true) last.count += 1;
    else runs.push({ value, count: 1 });
  }
  const most = runs.reduce((longest, { count }) => Math.max(longest, count), 0);
  return most < 2 ? [] : runs.filter(({ count }) => count === most).map(({ value }) => value);
}

function rank({ sorted }: Sample, index: number): Value {
  const value = sorted[index];
  if (!value) throw new MathError('UNDEFINED', 'no numbers were given');
  return value;
}

function whole(count: number): Value {
  return { decimal: new ExactDecimal(count), isExact: true };
}
