import type { McpServer } from '@modelcontextprotocol/server';
import { addTool, READ_ONLY } from '@patchbay/server-kit';
import * as z from 'zod';
import { Arithmetic } from '../arithmetic.ts';
import { MathError } from '../errors.ts';
import { DEFAULT_PRECISION } from '../expression/evaluate.ts';
import type { Fraction } from '../fraction.ts';
import { formatFraction } from '../fraction.ts';
import { solveLinear } from '../linear.ts';
import { ExactDecimal, formatValue, parseNumber } from '../number.ts';
import { listedNumber } from './number-input.ts';

const MAX_UNKNOWNS = 20;

/** Longest entry on either side of its point: with 20 unknowns that keeps all within a fraction of a second. */
const MAX_ENTRY_DIGITS = 50;

/** Fractions that are longer are told as decimals alone. */
const MAX_FRACTION_LENGTH = 100;

const row = z.array(listedNumber()).min(1).max(MAX_UNKNOWNS);

const inputSchema = z.object({
  matrix: z.array(row).min(1).max(MAX_UNKNOWNS).describe('The factors of the unknowns, a row an equation'),
  vector: row.describe('What each equation is equal to'),
});

const outputSchema = z.object({
  solution: z.array(
    z.object({
      result: z.string().describe('Decimal text'),
      exact: z.boolean().describe('False when the decimal was rounded'),
      fraction: z.string().optional().describe('The true value, unless it is very long'),
    }),
  ),
});

/** Offers `solve_linear`. */
export function addSolveLinear(server: McpServer): void {
  addTool(server, {
    name: 'solve_linear',
    title: 'Solve linear equations',
    description:
      `Solves up to ${MAX_UNKNOWNS} linear equations with as many unknowns, without rounding: 2x + y = 5 and x - y = 1 ` +
      'are matrix [[2, 1], [1, -1]] and vector [5, 1]. Answers each unknown as a decimal and as a fraction. Says so ' +
      'when there is no solution, or more than one.',
    input: inputSchema,
    output: outputSchema,
    hints: READ_ONLY,
    run({ matrix, vector }) {
      refuseShape(matrix, vector.length);
      const solution = solveLinear(
        matrix.map((each) => each.map(readEntry)),
        vector.map(readEntry),
      ).map(toResult);
      const lines = solution.map(
        ({ result, exact, fraction }, index) =>
          `x${index + 1} = ${result}${exact || fraction === undefined ? '' : ` (${fraction})`}`,
      );
      return { structured: { solution }, text: lines.join('\n') };
    },
  });
}

function refuseShape(matrix: readonly (readonly unknown[])[], equations: number): void {
  const uneven = matrix.find((each) => each.length !== matrix.length);
  if (uneven === undefined && equations === matrix.length) return;
  throw new MathError(
    'WRONG_ARGUMENTS',
    `the matrix has ${matrix.length} rows, one of ${uneven?.length ?? matrix.length} factors, and the vector ${equations} entries`,
    { hint: 'All three have to be the same number.' },
  );
}

function readEntry(input: number | string): InstanceType<typeof ExactDecimal> {
  const { decimal } = parseNumber(input);
  if (Math.abs(decimal.e) <= MAX_ENTRY_DIGITS && decimal.decimalPlaces() <= MAX_ENTRY_DIGITS) return decimal;
  throw new MathError('OUT_OF_RANGE', `an entry has more than ${MAX_ENTRY_DIGITS} digits beside its point`);
}

function toResult({ over, under }: Fraction): { result: string; exact: boolean; fraction?: string } {
  const [a, b] = [over, under].map((part) => ({ decimal: new ExactDecimal(`${part}`), isExact: true }));
  const value = a && b ? new Arithmetic(DEFAULT_PRECISION).divide(a, b) : undefined;
  if (!value) throw new RangeError('a fraction without its parts');
  const text = formatFraction({ over, under });
  return {
    result: formatValue(value, DEFAULT_PRECISION),
    exact: value.isExact,
    ...(text.length <= MAX_FRACTION_LENGTH && { fraction: text }),
  };
}
