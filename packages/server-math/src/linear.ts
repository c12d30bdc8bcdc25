import type { Decimal } from 'decimal.js';
import { MathError } from './errors.ts';
import type { Fraction } from './fraction.ts';
import { fraction, greatestDivisor, toFraction } from './fraction.ts';

/**
 * Solves `matrix · x = vector` without rounding, by Bareiss' elimination, which stays within whole numbers. Costs about
 * n³ products of numbers with n times the digits of an entry, so the caller bounds both.
 *
 * @throws {MathError} `SINGULAR` when there is no solution, or more than one.
 */
export function solveLinear(
  matrix: readonly (readonly Decimal[])[],
  vector: readonly Decimal[],
): readonly Fraction[] {
  const rows = matrix.map((row, index) => toWholeRow([...row, ...vector.slice(index, index + 1)]));
  const size = rows.length;
  let previous = 1n;
  for (let step = 0; step < size; step += 1) {
    const pivotRow = rows.findIndex((row, index) => index >= step && at(row, step) !== 0n);
    if (pivotRow === -1) throw singular(rows);
    swap(rows, step, pivotRow);
    const pivot = rows[step] ?? [];
    for (let index = 0; index < size; index += 1) {
      const row = rows[index] ?? [];
      if (index === step) continue;
      const [lead, head] = [at(row, step), at(pivot, step)];
      rows[index] = row.map((value, column) => (value * head - lead * at(pivot, column)) / previous);
    }
    previous = at(pivot, step);
  }
  return rows.map((row, index) => fraction(at(row, size), at(row, index)));
}

/** The same equation with whole numbers. */
function toWholeRow(row: readonly Decimal[]): bigint[] {
  const fractions = row.map(toFraction);
  const common = fractions.reduce((sum, { under }) => (sum / greatestDivisor(sum, under)) * under, 1n);
  return fractions.map(({ over, under }) => over * (common / under));
}

function singular(rows: readonly (readonly bigint[])[]): MathError {
  const hasContradiction = reducesToContradiction(rows);
  return new MathError(
    'SINGULAR',
    hasContradiction
      ? 'the equations contradict each other: there is no solution'
      : 'the equations depend on each other: there are infinitely many solutions',
    { hint: 'Check the equations; each has to say something that the others do not.' },
  );
}

/** Whether some equation says 0 = something else, after elimination over whichever unknowns are left. */
function reducesToContradiction(rows: readonly (readonly bigint[])[]): boolean {
  const rest = rows.map((row) => [...row]);
  const unknowns = (rest[0]?.length ?? 1) - 1;
  let done = 0;
  for (let column = 0; column < unknowns; column += 1) {
    const found = rest.findIndex((row, index) => index >= done && at(row, column) !== 0n);
    if (found === -1) continue;
    swap(rest, done, found);
    const pivot = rest[done] ?? [];
    for (let index = done + 1; index < rest.length; index += 1) {
      const row = rest[index] ?? [];
      const lead = at(row, column);
      const next = row.map((value, place) => value * at(pivot, column) - lead * at(pivot, place));
      const common = next.reduce(greatestDivisor, 0n);
      rest[index] = common === 0n ? next : next.map((value) => value / common);
    }
    done += 1;
  }
  return rest.slice(done).some((row) => at(row, unknowns) !== 0n);
}

function swap(rows: (readonly bigint[])[], a: number, b: number): void {
  const [first, second] = [rows[a], rows[b]];
  if (first && second) [rows[a], rows[b]] = [second, first];
}

function at(row: readonly bigint[], index: number): bigint {
  return row[index] ?? 0n;
}
